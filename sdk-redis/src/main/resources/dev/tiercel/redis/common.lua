-- What every script begins with. Numbers in Lua are doubles and its strings compare as the locale says, so versions and
-- times are eight bytes, most significant first, and are compared byte by byte.

local HEAD_BYTES = 64
local NOTHING = string.rep('\0', 8)

-- What stands in the lease's place while a key is held off. Leases are eight bytes long, so nobody can own it.
local HOLD_OFF = 'held off!'

local function compare(one, other)
  for at = 1, 8 do
    local difference = string.byte(one, at) - string.byte(other, at)
    if difference ~= 0 then return difference end
  end
  return 0
end

local function version(head) return string.sub(head, 9, 16) end

local function created(head) return string.sub(head, 17, 24) end

local function digest(head) return string.sub(head, 41, 48) end

local function barrier(head) return string.sub(head, 49, 56) end

local function isTombstone(head) return math.floor(string.byte(head, 4) / 16) % 2 == 1 end

-- Times and barriers are signed; what they are compared with is not negative.
local function isBelow(number, bound) return string.byte(number) >= 128 or compare(number, bound) < 0 end

-- Zero means never. One before 1970 has passed too.
local function isOver(head, now)
  local expiry = string.sub(head, 33, 40)
  return expiry ~= NOTHING and (string.byte(expiry) >= 128 or compare(expiry, now) <= 0)
end

-- What a forget leaves behind: the version of what it dropped, in an empty tombstone that was over in 1970.
local LONG_OVER = string.rep('\0', 7) .. '\1'
local function isDead(head) return isTombstone(head) and string.sub(head, 33, 40) == LONG_OVER end

-- What a mark leaves: the version that exists elsewhere, in an empty tombstone that was over a millisecond later. Nothing older is
-- stored over it.
local MARKED = string.rep('\0', 7) .. '\2'
local function isMarked(head) return isTombstone(head) and string.sub(head, 33, 40) == MARKED end

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

-- An empty tombstone of a head's version and key: flags with that bit, no codec, created and soft expiry unknown, expiry, no barrier.
local function emptyHead(head, expiry)
  local covered = 'TC\1\16\0\0\0\0' .. version(head) .. NOTHING .. NOTHING .. expiry .. digest(head) .. NOTHING .. '\0\0\0\0'
  return covered .. checksum(covered)
end

-- The head of the envelope stored under a key. Nil if nothing is, or something else: what no reader could use does not
-- stand in the way of any write. Then also whether it was not even a string.
local function headOf(key)
  local head = redis.pcall('GETRANGE', key, 0, HEAD_BYTES - 1)
  if type(head) ~= 'string' then return nil, true end
  if #head < HEAD_BYTES or string.sub(head, 1, 3) ~= 'TC\1' or string.byte(head, 9) >= 128 then return nil, false end
  local a, b, c, d = string.byte(head, 57, 60)
  if redis.call('STRLEN', key) ~= HEAD_BYTES + ((a * 256 + b) * 256 + c) * 256 + d then return nil, false end
  return head, false
end

-- The same, for a write of an envelope: another key's envelope counts as nothing.
local function headBefore(key, envelope)
  local head = headOf(key)
  return head and digest(head) == digest(envelope) and head or nil
end

-- Publishes which key is about to change, if the feed is made of messages: the last argument of every script is the
-- channel, or empty. Before the first write, so that where it is refused nothing has been done.
local function tell(key)
  local channel = ARGV[#ARGV]
  if channel ~= '' then redis.call('PUBLISH', channel, key) end
end

-- Ends a lease; a hold-off stays, since it covers a write of unknown outcome.
local function endLease(lease)
  if redis.pcall('GET', lease) ~= HOLD_OFF then redis.call('DEL', lease) end
end

-- The first write of a script, and the only one that Redis may refuse: a refused script has done nothing.
local function store(key, envelope, millis)
  tell(key)
  if millis == '' then
    redis.call('SET', key, envelope)
  else
    redis.call('SET', key, envelope, 'PX', millis)
  end
end

-- Makes tracking tell of a key that holds nothing. Not the first write of a script: it stores something for a moment.
local function touch(key)
  redis.call('SET', key, '', 'PX', 1000)
  redis.call('DEL', key)
end

-- The version of the mark that a head is; nothing if it is none.
local function mark(head) return head and isMarked(head) and version(head) or NOTHING end

local function rejected(head) return {'rejected', head and version(head) or NOTHING} end
