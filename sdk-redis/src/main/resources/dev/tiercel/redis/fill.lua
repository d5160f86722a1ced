-- Stores what a loader found, while its lease holds and nothing newer is there, and gives the lease back. The same version
-- again is welcome: its loader has asked the source meanwhile. A version that was forgotten counts for writes alone: the source
-- may have gone back since. A mark counts for fills, too: the source has not come so far yet.
local value, lease = KEYS[1], KEYS[2]
local envelope, millis, token = ARGV[1], ARGV[2], ARGV[3]

local before = headBefore(value, envelope)
if before and isDead(before) then before = nil end
local isOvertaken = before and compare(version(before), version(envelope)) > 0
if isOvertaken or redis.pcall('GET', lease) ~= token then return rejected(before) end

store(value, envelope, millis)
redis.call('DEL', lease)
return {'stored'}
