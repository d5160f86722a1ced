-- Stores an envelope if its condition holds, and ends the lease; a hold-off stays.
local value, lease = KEYS[1], KEYS[2]
local envelope, millis, now, condition, expected = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local before = headBefore(value, envelope)
local alive = before and not isTombstone(before) and not isOver(before, now)
local isNewer = not before or compare(version(envelope), version(before)) > 0

local holds = condition == 'always'
  or condition == 'absent' and not alive and isNewer
  or condition == 'newer' and isNewer
  or condition == 'version' and alive and compare(version(before), expected) == 0
if not holds then return rejected(before) end

store(value, envelope, millis)
if redis.pcall('GET', lease) ~= HOLD_OFF then redis.call('DEL', lease) end
return {'stored'}
