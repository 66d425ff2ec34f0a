/**
 * Goes before each exchange, finds the limit, and alone drops rows of KEYS[1]: those that have been silent for five
 * minutes of a time in which others were heard. A jump of the clock, or a while in which nobody could reach Redis,
 * counts for nothing: all that was noted moves with it. Of several limits the lowest holds.
 * KEYS: members, run, rate. ARGV: run of the server, most. Returns since when Redis remembers, and all rows.
 */
export const RECKON = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local run, last, since = unpack(redis.call('HMGET', KEYS[2], 'run', 'last', 'since'))
local jump, most = now - (last or now), tonumber(ARGV[2])
if jump >= -1000 and jump <= 3000 then jump = 0 end
since = (since or now) + jump
if run ~= ARGV[1] then since = now end
local rate, lowered = unpack(redis.call('HMGET', KEYS[3], 'rate', 'since'))
if lowered and lowered - now > 0 then redis.call('HSET', KEYS[3], 'since', now) end
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local head, seen, tail = string.match(all[i + 1], '^(%d+ %d+ %d+ )(%d+)(.*)$')
  if not head or now - seen - jump > 305000 then redis.call('HDEL', KEYS[1], all[i])
  elseif jump ~= 0 then redis.call('HSET', KEYS[1], all[i], head .. seen + jump .. tail) end
  most = math.min(most, string.match(all[i + 1], ' most=(%d+)') or most)
end
local steps = rate and math.max(0, math.floor((now - lowered) / 60000)) or 0
local limit = math.floor(math.min(most, (rate or most) + steps * math.max(1, most / 20)))
redis.call('HSET', KEYS[2], 'run', ARGV[1], 'last', now, 'since', since, 'limit', limit)
return {tostring(since), all}`;

/** Puts rows back that Redis has lost. KEYS: members. ARGV: ids and rows */
export const REMIND = `for i = 1, #ARGV, 2 do redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1]) end`;

/**
 * One process tells what it holds and needs, and is granted more where that leaves all others what they hold. Each row
 * of KEYS[1] is `held need accepted seen armed machine pid most` of a process. One that is silent keeps what it holds
 * for five minutes: its calls without an answer count for so long. One that holds more than its row says has been taken
 * for ended, and keeps what it counts. For two seconds after a start of Redis nothing is granted, because others may
 * not have told yet what they hold, or held; what is told then is believed.
 * KEYS: members, run, pause. ARGV: id, held, need, accepted, what it counts, channel for news, `armed machine pid most`
 */
export const EXCHANGE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local id, held, need = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local limit, since = unpack(redis.call('HMGET', KEYS[2], 'limit', 'since'))
local isYoung = now - since < 2000
local heldBefore, needBefore = string.match(redis.call('HGET', KEYS[1], id) or '0 0', '(%d+) (%d+)')
if not isYoung then held = math.max(ARGV[5], math.min(held, heldBefore)) end
redis.call('HSET', KEYS[1], id, held .. ' ' .. need .. ' ' .. ARGV[4] .. ' ' .. now .. ' ' .. ARGV[7])
local total, wanted, owed, all = 0, 0, 0, redis.call('HGETALL', KEYS[1])
local equal = math.max(1, math.floor(limit / (#all / 2)))
for i = 1, #all, 2 do
  local h, n, seen = string.match(all[i + 1], '(%d+) (%d+) %d+ (%d+)')
  total = total + h
  if all[i] ~= id and now - seen < 3000 and n - h > 0 then
    wanted, owed = wanted + n - h, owed + math.max(0, math.min(n, equal) - h)
  end
end
local free, target = limit - total, wanted > 0 and need or math.max(need, math.min(equal, math.ceil(limit / 2)))
owed = owed + math.max(0, -free)
if isYoung then free = 0 end
local first = math.max(0, math.min(free, math.min(target, equal) - held))
local granted = held + first + math.max(0, math.min(free - first - owed, target - held - first))
redis.call('HSET', KEYS[1], id, granted .. ' ' .. need .. ' ' .. ARGV[4] .. ' ' .. now .. ' ' .. ARGV[7])
if need > granted and needBefore - heldBefore <= 0 or wanted > 0 and held - heldBefore < 0 then
  redis.call('PUBLISH', ARGV[6], 'news')
end
local left = math.max(0, free + held - granted)
return {granted, tonumber(limit), #all / 2, wanted - left, owed - left, redis.call('PTTL', KEYS[3])}`;

/** KEYS: rate, pause, probe. ARGV: pause in ms, channel for news */
export const THROTTLED = `
local ms = math.max(1, tonumber(ARGV[1]))
if redis.call('PTTL', KEYS[2]) < ms then redis.call('SET', KEYS[2], 1, 'PX', ms) end
redis.call('HSET', KEYS[1], 'due', 1)
redis.call('HDEL', KEYS[1], 'open')
redis.call('DEL', KEYS[3])
redis.call('PUBLISH', ARGV[2], 'news')`;

/**
 * After a pause: lowers the limit once to what was accepted in the minute before it, as adaptive_rate.ts does, and lets
 * one process send the one call that goes alone.
 * KEYS: rate, pause, probe, members. ARGV: id, most
 */
export const RESUME = `
if redis.call('PTTL', KEYS[2]) > 0 then return 0 end
local most, clock = tonumber(ARGV[2]), redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if redis.call('HDEL', KEYS[1], 'due') == 1 then
  local rate, since = unpack(redis.call('HMGET', KEYS[1], 'rate', 'since'))
  if not rate then rate, since = most, now end
  local limit = math.min(most, rate + math.max(0, math.floor((now - since) / 60000)) * math.max(1, most / 20))
  local accepted = 0
  for _, row in ipairs(redis.call('HVALS', KEYS[4])) do
    accepted = accepted + string.match(row, '%d+ %d+ (%d+)')
  end
  local lower = accepted >= limit / 4 and math.min(accepted, limit * 0.9) or limit / 2
  redis.call('HSET', KEYS[1], 'rate', math.floor(math.max(1, most / 20, lower)), 'since', now)
end
if redis.call('HGET', KEYS[1], 'open') then return 1 end
redis.call('SET', KEYS[3], ARGV[1], 'NX', 'PX', 10000)
return redis.call('GET', KEYS[3]) == ARGV[1] and 1 or 0`;

/** KEYS: rate, probe. ARGV: channel for news */
export const RESUMED = `
redis.call('HSET', KEYS[1], 'open', 1)
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[1], 'news')`;

/** Keeps what still counts for so long. KEYS: members. ARGV: id, held, ms, channel for news */
export const LEAVE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local row = ARGV[2] .. ' 0 0 ' .. (now - 305000 + ARGV[3])
if ARGV[2] == '0' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], row) end
redis.call('PUBLISH', ARGV[4], 'news')`;

export const MEMBERS = `return redis.call('HGETALL', KEYS[1])`;

/**
 * A process that has ended for sure keeps what it was armed with for 65 s, for the calls that the service has counted.
 * KEYS: members. ARGV: id of the process, its row as it was read
 */
export const BURY = `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return end
local held, accepted, seen, armed = string.match(ARGV[2], '(%d+) %d+ (%d+) (%d+) (%d+)')
redis.call('HSET', KEYS[1], ARGV[1], math.min(held, armed) .. ' 0 ' .. accepted .. ' ' .. (seen - 240000))`;

/** How many processes have told what they hold within five seconds. KEYS: members */
export const COUNT = `
local clock, count = redis.call('TIME'), 0
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for _, row in ipairs(redis.call('HVALS', KEYS[1])) do
  if now - string.match(row, '%d+ %d+ %d+ (%d+)') < 5000 then count = count + 1 end
end
return count`;
