-- Raises a group's barrier: by the clock of Redis in microseconds, and above every barrier before. Both are far below 2^53, up to
-- which doubles count exactly.
local clock, groups = KEYS[1], KEYS[2]
local group, retention = ARGV[1], ARGV[2]

-- Of one keyspace, the whole keyspace's among them.
local MOST_GROUPS = 10000

local function text(number) return string.format('%.0f', number) end

local function numberOf(bytes)
  local number = 0
  for at = 1, 8 do number = number * 256 + string.byte(bytes, at) end
  return number
end

local function bytesOf(number)
  local bytes = ''
  for _ = 1, 8 do
    bytes = string.char(number % 256) .. bytes
    number = math.floor(number / 256)
  end
  return bytes
end

local time = redis.call('TIME')
local raised = time[1] * 1000000 + time[2]
local last = redis.pcall('GET', clock)
if type(last) == 'string' and #last == 8 then raised = math.max(raised, numberOf(last) + 1) end

tell(clock)
redis.call('SET', clock, bytesOf(raised), 'PX', retention)
if redis.call('TYPE', groups).ok ~= 'zset' then redis.call('DEL', groups) end
redis.call('ZADD', groups, text(raised), group)
redis.call('ZREMRANGEBYSCORE', groups, '-inf', '(' .. text(raised - retention * 1000))

-- Too many: the oldest become the whole keyspace's, which kills more than it must but brings no copy back to life.
if redis.call('ZCARD', groups) > MOST_GROUPS then
  local ofAll = tonumber(redis.call('ZSCORE', groups, '') or 0)
  redis.call('ZREM', groups, '')
  local surplus = redis.call('ZCARD', groups) + 1 - MOST_GROUPS
  local last = redis.call('ZRANGE', groups, surplus - 1, surplus - 1, 'WITHSCORES')
  redis.call('ZREMRANGEBYRANK', groups, 0, surplus - 1)
  redis.call('ZADD', groups, text(math.max(ofAll, tonumber(last[2]))), '')
end
redis.call('PEXPIRE', groups, retention)
return {'stored', bytesOf(raised)}
