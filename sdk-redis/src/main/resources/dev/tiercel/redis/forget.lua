-- Drops the value and ends the lease, or holds the key off; a hold-off in force is never shortened.
local value, lease = KEYS[1], KEYS[2]
local holdOff = tonumber(ARGV[1])

redis.call('DEL', value)
local left = redis.pcall('GET', lease) == HOLD_OFF and redis.call('PTTL', lease) or 0
if left <= 0 or left < holdOff then
  if holdOff > 0 then
    redis.call('SET', lease, HOLD_OFF, 'PX', ARGV[1])
  else
    redis.call('DEL', lease)
  end
end
return {'stored'}
