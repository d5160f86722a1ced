-- Gives a lease back without filling, and wakes who waits for it: the feed tells of the key although it has not changed.
local value, lease = KEYS[1], KEYS[2]
local token = ARGV[1]

if redis.pcall('GET', lease) ~= token then return rejected(headOf(value)) end
tell(value)
redis.call('DEL', lease)
touch(value)
return {'stored'}
