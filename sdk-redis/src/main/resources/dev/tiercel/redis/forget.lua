-- Drops the value and ends the lease, or holds the key off; a hold-off in force is never shortened. Does nothing if there is a
-- copy that is not older than the caller knows of.
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

tell(value)
local dropped = redis.call('DEL', value) == 1
if head and version(head) ~= NOTHING then
  redis.call('SET', value, deadHead(head), 'PX', retention)
elseif not dropped then
  touch(value)
end

local left = redis.pcall('GET', lease) == HOLD_OFF and redis.call('PTTL', lease) or 0
if left <= 0 or left < tonumber(holdOff) then
  if tonumber(holdOff) > 0 then
    redis.call('SET', lease, HOLD_OFF, 'PX', holdOff)
  else
    redis.call('DEL', lease)
  end
end
return {'stored'}
