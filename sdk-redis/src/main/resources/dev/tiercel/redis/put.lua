-- Stores an envelope if its condition holds, and ends the lease; a hold-off stays. A mark is there to be met whatever the condition,
-- while a copy is there to be beaten.
local value, lease = KEYS[1], KEYS[2]
local envelope, millis, now, condition, expected = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local before = headBefore(value, envelope)
local alive = before and not isTombstone(before) and not isOver(before, now)
local ahead = before and compare(version(envelope), version(before)) or 1
local marked = before and isMarked(before)
if marked and ahead < 0 then return rejected(before) end
local isNewer = ahead > 0 or marked

local holds = condition == 'always'
  or condition == 'absent' and not alive and isNewer
  or condition == 'newer' and isNewer
  or condition == 'version' and alive and compare(version(before), expected) == 0
if not holds then return rejected(before) end

store(value, envelope, millis)
endLease(lease)
return {'stored'}
