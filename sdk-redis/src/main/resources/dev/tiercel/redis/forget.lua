-- Drops the value and ends the lease, or holds the key off; a hold-off in force is never shortened. Told a version, it does nothing
-- if there is a copy of it or a newer one, and the feed tells of the key only if a copy goes or a lease ends.
--
-- The version of what was dropped stays for a while, in a head that is over and so nobody's copy: a write that was sent before
-- and arrives after would find nothing else to be compared with.
local value, lease = KEYS[1], KEYS[2]
local holdOff, below, retention, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local ANY = '\127' .. string.rep('\255', 7)

-- CRC-32C, four bytes.
local function checksum(bytes)
  local crc = bit.bnot(0)
  for at = 1, #bytes do
    crc = bit.bxor(crc, string.byte(bytes, at))
    for _ = 1, 8 do
      local carry = bit.band(crc, 1) * 0x82F63B78
      crc = bit.bxor(bit.rshift(crc, 1), carry)
    end
  end
  crc = bit.bnot(crc)
  return string.char(
    bit.band(bit.rshift(crc, 24), 255),
    bit.band(bit.rshift(crc, 16), 255),
    bit.band(bit.rshift(crc, 8), 255),
    bit.band(crc, 255))
end

-- An empty tombstone: flags with that bit, no codec, the version, created and soft expiry unknown, expiry, digest, no barrier.
local function deadHead(head)
  local covered = 'TC\1\16\0\0\0\0' .. version(head) .. NOTHING .. NOTHING .. LONG_OVER .. digest(head) .. NOTHING .. '\0\0\0\0'
  return covered .. checksum(covered)
end

local head = headOf(value)
if head and below ~= ANY and not isOver(head, now) and compare(version(head), below) >= 0 then return {'stored'} end

local isThere = redis.call('EXISTS', value) == 1
local isHeldOff = redis.pcall('GET', lease) == HOLD_OFF
local isLeased = not isHeldOff and redis.call('EXISTS', lease) == 1
local isNews = below == ANY or isLeased or isThere and not (head and isDead(head))

if isNews then tell(value) end
if isNews or not isThere then
  -- Also if it is not there: a first write that needs no memory, after which Redis refuses none.
  redis.call('DEL', value)
  if head and version(head) ~= NOTHING then
    redis.call('SET', value, deadHead(head), 'PX', retention)
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
