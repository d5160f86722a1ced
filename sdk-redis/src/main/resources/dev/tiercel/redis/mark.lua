-- Leaves a mark: what it says exists elsewhere, and nothing older is kept or stored here until it is over. Nothing is done if there is
-- a copy as new; a mark in force that says as much only lasts longer. What goes counts as well: a version that was here exists.
local value, lease = KEYS[1], KEYS[2]
local envelope, retention, now = ARGV[1], ARGV[2], ARGV[3]

local before = headBefore(value, envelope)
local ahead = before and compare(version(before), version(envelope)) or -1
if ahead >= 0 and not isOver(before, now) then return {'stored', version(before)} end

local left = before and isMarked(before) and redis.call('PTTL', value) or 0
if left > 0 and ahead >= 0 then
  if left < tonumber(retention) then redis.call('PEXPIRE', value, retention) end
  return {'stored', version(before)}
end

local marked = ahead > 0 and emptyHead(before, MARKED) or envelope
tell(value)
-- A first write that needs no memory, after which Redis refuses none: a mark gets through when there is no room.
redis.call('DEL', value)
redis.call('SET', value, marked, 'PX', math.max(left, tonumber(retention)))
endLease(lease)
return {'stored', version(marked)}
