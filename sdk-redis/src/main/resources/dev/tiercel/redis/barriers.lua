-- Tells the clock and the barriers raised since one that is known, as decimal text: in versions of Redis scores look different.
-- A clock that has moved without a barrier to show for it says that the barriers were lost: then the whole keyspace's may
-- have been among them.
local clock, groups = KEYS[1], KEYS[2]
local seen = ARGV[1]

local function text(number) return string.format('%.0f', number) end

local now = 0
local bytes = redis.pcall('GET', clock)
if type(bytes) == 'string' and #bytes == 8 then
  for at = 1, 8 do now = now * 256 + string.byte(bytes, at) end
end

local reply = {'barriers', text(now)}
local latest = 0
local found = redis.pcall('ZRANGEBYSCORE', groups, '(' .. seen, '+inf', 'WITHSCORES')
for at = 1, #found, 2 do
  local raised = tonumber(found[at + 1])
  latest = math.max(latest, raised)
  table.insert(reply, found[at])
  table.insert(reply, text(raised))
end
if now > tonumber(seen) and latest < now then
  table.insert(reply, '')
  table.insert(reply, text(now))
end
return reply
