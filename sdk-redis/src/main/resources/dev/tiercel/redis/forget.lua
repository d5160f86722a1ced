-- Drops the value and ends the lease, or holds the key off; a hold-off in force is never shortened. Told a version, it does nothing
-- if there is a copy of it or a newer one, and the feed tells of the key only if a copy goes or a lease ends.
--
-- The version of what was dropped stays for a while, in a head that is over and so nobody's copy: a write that was sent before
-- and arrives after would find nothing else to be compared with. A mark is no copy either, and stays as it is.
local value, lease = KEYS[1], KEYS[2]
local holdOff, below, retention, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local ANY = '\127' .. string.rep('\255', 7)

local head = headOf(value)
if head and below ~= ANY and not isOver(head, now) and compare(version(head), below) >= 0 then return {'stored'} end

local isThere = redis.call('EXISTS', value) == 1
local isHeldOff = redis.pcall('GET', lease) == HOLD_OFF
local isLeased = not isHeldOff and redis.call('EXISTS', lease) == 1
local isNews = below == ANY or isLeased or isThere and not (head and (isDead(head) or isMarked(head)))

if isNews then tell(value) end
if isNews or not isThere then
  -- Also if it is not there: a first write that needs no memory, after which Redis refuses none.
  local marked = head and isMarked(head) and redis.call('PTTL', value) or 0
  redis.call('DEL', value)
  if marked > 0 then
    redis.call('SET', value, head, 'PX', marked)
  elseif head and version(head) ~= NOTHING then
    redis.call('SET', value, emptyHead(head, LONG_OVER), 'PX', retention)
  elseif isNews and not isThere then
    touch(value)
  end
end

local left = isHeldOff and redis.call('PTTL', lease) or 0
if left <= 0 or left < tonumber(holdOff) then
  if tonumber(holdOff) > 0 then
    redis.call('SET', lease, HOLD_OFF, 'PX', holdOff)
  else
    redis.call('DEL', lease)
  end
end
return {'stored'}
