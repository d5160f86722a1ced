-- Leases a key to one reader unless a copy is there by now that is fresh enough for it: not over, of a version at least,
-- created and loaded not before. A copy that is not stays, for others and until it is filled. The reader says when it is and, if it
-- found an envelope that it cannot read, that envelope's head: it goes, or its version could stand in the way of the fill. Whatever
-- becomes of the lease, the reader hears of the mark that lies there.
local value, lease = KEYS[1], KEYS[2]
local token, millis, now, unreadable = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local leastVersion, leastCreated, leastBarrier = ARGV[5], ARGV[6], ARGV[7]

local function isFresh(head)
  return not isOver(head, now)
    and compare(version(head), leastVersion) >= 0
    and not isBelow(created(head), leastCreated)
    and not isBelow(barrier(head), leastBarrier)
end

local head, isOfAnotherType = headOf(value)
if head and head == unreadable then
  redis.call('DEL', value)
  head = nil
elseif head and isFresh(head) then
  return {'found', redis.call('GET', value)}
end

if not redis.call('SET', lease, token, 'NX', 'PX', millis) then
  local left = redis.call('PTTL', lease)
  if left >= 0 and redis.pcall('GET', lease) == HOLD_OFF then return {'off', '', mark(head)} end
  if left >= 0 then return {'held', string.format('%.0f', left), mark(head)} end
  -- Nothing of ours stays for ever.
  redis.call('SET', lease, token, 'PX', millis)
end
return {'granted', isOfAnotherType and 'type' or '', mark(head)}
