-- Makes a lease last longer, if it is still its holder's.
local value, lease = KEYS[1], KEYS[2]
local token, millis = ARGV[1], ARGV[2]

if redis.pcall('GET', lease) ~= token then return rejected(headOf(value)) end
redis.call('PEXPIRE', lease, millis)
return {'stored'}
