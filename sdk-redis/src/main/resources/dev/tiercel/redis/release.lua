-- Gives a lease back without filling, and wakes who waits for it: the feed tells of a name of its own for that, since of the
-- key's name everybody would take it that the copy has changed.
local value, lease, wake = KEYS[1], KEYS[2], KEYS[3]
local token = ARGV[1]

if redis.pcall('GET', lease) ~= token then return rejected(headOf(value)) end
tell(wake)
redis.call('DEL', lease)
touch(wake)
return {'stored'}
