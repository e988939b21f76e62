/**
 * What is done in the engine at one moment, as scripts (Lua 5.1). An engine runs one at a time, so what a script reads has not
 * changed when it writes. Times are milliseconds of the fleet's clock: it follows the engine's, but takes no step of more than
 * four seconds and none back, so that a clock that is set declares nobody dead.
 */
import { createHash } from 'node:crypto';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** KEYS document, log. ARGV generation that is known. Gives format, id, generation, document, changes since. */
export const FETCH = script(`
local d = redis.call('HMGET', KEYS[1], 'format', 'id', 'generation', 'document')
local missing = (tonumber(d[3]) or 0) - tonumber(ARGV[1])
local log = {}
if missing > 0 then log = redis.call('LRANGE', KEYS[2], -math.min(missing, 1000), -1) end
return {d[1] or '', d[2] or '', d[3] or '', d[4] or '', log}
`);

/**
 * KEYS document, log. ARGV id and generation that it must have ('' and '' when there must be none), then format, id, generation,
 * document, whether there are secrets in it, change, channel, home that changes it. Gives 1, 0 when it has others, -1 when somebody else's
 * hash stands where the first document goes.
 */
export const COMMIT = script(`
local d = redis.call('HMGET', KEYS[1], 'id', 'generation')
if (d[1] or '') ~= ARGV[1] or (d[2] or '') ~= ARGV[2] then return 0 end
if ARGV[1] == '' and #redis.call('HGETALL', KEYS[1]) > 0 then return -1 end
redis.call('HSET', KEYS[1], 'format', ARGV[3], 'id', ARGV[4], 'generation', ARGV[5], 'document', ARGV[6], 'secrets', ARGV[7])
redis.call('RPUSH', KEYS[2], ARGV[8])
redis.call('LTRIM', KEYS[2], -1000, -1)
redis.call('PUBLISH', ARGV[9], ARGV[5] .. ' ' .. ARGV[10])
return 1
`);

/** KEYS document, log. ARGV id, generation. Ends a fleet that its last server leaves. Gives 1, or 0 when it has others. */
export const END = script(`
local d = redis.call('HMGET', KEYS[1], 'id', 'generation')
if (d[1] or '') ~= ARGV[1] or (d[2] or '') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
return 1
`);

/**
 * A node says that it is there. KEYS alive, nodes, servers, clock, document. ARGV incarnation, server, home, when it was started
 * (ms), what it says of itself, the engine's run, 1 when counts of before are gone. Gives a word, then what the word needs:
 * `new` or `renewed`: live nodes, milliseconds until counts are whole, format, id, generation, secrets of the document, the engine's time;
 * `taken` or `replaced`: what the other says of itself.
 */
export const RENEW = script(`
local t = redis.call('TIME')
local wall = t[1] * 1000 + math.floor(t[2] / 1000)
local c = redis.call('HMGET', KEYS[4], 'wall', 'now', 'run', 'whole')
local now = tonumber(c[2]) or 0
local step = wall - (tonumber(c[1]) or wall)
if step < 0 then step = 0 elseif step > 4000 then step = 4000 end
now = now + step
local whole = tonumber(c[4]) or 0
if not c[1] or c[3] ~= ARGV[6] then whole = now + 4000 end
redis.call('HSET', KEYS[4], 'wall', wall, 'now', now, 'run', ARGV[6], 'whole', whole)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. now)) do
  redis.call('ZREM', KEYS[1], gone)
  redis.call('HDEL', KEYS[2], gone)
end
local other = redis.call('HGET', KEYS[3], ARGV[2])
if other and other ~= ARGV[1] and redis.call('ZSCORE', KEYS[1], other) then
  local said = redis.call('HGET', KEYS[2], other) or '{}'
  local its = cjson.decode(said)
  if its.home ~= ARGV[3] then return {'taken', said} end
  if (tonumber(its.started) or 0) > tonumber(ARGV[4]) then return {'replaced', said} end
  redis.call('ZREM', KEYS[1], other)
  redis.call('HDEL', KEYS[2], other)
end
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now + 10000, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[5])
redis.call('HSET', KEYS[3], ARGV[2], ARGV[1])
local d = redis.call('HMGET', KEYS[5], 'format', 'id', 'generation', 'secrets')
return {known and 'renewed' or 'new', redis.call('ZCARD', KEYS[1]), math.max(0, whole - now),
  d[1] or '', d[2] or '', d[3] or '', d[4] or '', wall}
`);

/** A node goes. KEYS alive, nodes, servers. ARGV incarnation, server. */
export const RETIRE = script(`
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
if redis.call('HGET', KEYS[3], ARGV[2]) == ARGV[1] then redis.call('HDEL', KEYS[3], ARGV[2]) end
return 1
`);

/** Who is there. KEYS alive, nodes, clock. Gives for each what it says of itself and whether it counts as alive; a clock that stands because nobody is there counts on. */
export const ROSTER = script(`
local t = redis.call('TIME')
local wall = t[1] * 1000 + math.floor(t[2] / 1000)
local c = redis.call('HMGET', KEYS[3], 'wall', 'now')
local now = tonumber(c[2]) or 0
local idle = wall - (tonumber(c[1]) or wall)
if idle > 10000 and idle < 86400000 then now = now + idle end
local list = {}
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  local score = tonumber(redis.call('ZSCORE', KEYS[1], all[i]) or -1)
  list[#list + 1] = all[i + 1]
  list[#list + 1] = score >= now and '1' or '0'
end
return list
`);

/** How long counts that nobody says again are kept, in milliseconds; each node says its own twice a minute. */
const KEPT_MS = 120_000;

/** Many fields are looked up in a table that is read once: a call for each made an ask of a thousand listeners many times as slow. */
const SUM = `
local living
local function lives(id)
  if living then return living[id] end
  return redis.call('ZSCORE', KEYS[1], id)
end
local function sum(key)
  local all, total = redis.call('HGETALL', key), 0
  if #all > 20 and not living then
    living = {}
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '+inf')) do living[id] = true end
  end
  for i = 1, #all, 2 do
    if lives(all[i]) then total = total + tonumber(all[i + 1])
    else redis.call('HDEL', key, all[i]) end
  end
  return total
end
`;

/**
 * May one more connection come in? KEYS alive, connector, source, clock. ARGV incarnation, MaxInboundConnection, MaxInboundConnectionPerSource,
 * MaxInboundConnectionPercentagePerSource (-1 for no limit), 1 when limits per source apply, 1 when our own share has room. Gives a number
 * (0 counted, 1 connector, 2 source, 3 percentage, 4 counts are not whole and our share has no room, -1 we are not known), open
 * connections, the limit of 3, connections of the source.
 */
export const ASK = script(`${SUM}
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return {-1, 0, 0, 0} end
local most, per, percentage = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local open = sum(KEYS[2])
local mine = sum(KEYS[3])
if most >= 0 and open >= most then return {1, open, 0, mine} end
if ARGV[5] == '1' then
  if per >= 0 and mine >= per then return {2, open, 0, mine} end
  if most >= 0 and percentage >= 0 and percentage < 100 then
    local limit = math.max(1, math.ceil(math.max(0, most - (open - mine)) * percentage / 100))
    if mine >= limit then return {3, open, limit, mine} end
  end
end
if ARGV[6] == '0' then
  local c = redis.call('HMGET', KEYS[4], 'now', 'whole')
  if (tonumber(c[1]) or 0) < (tonumber(c[2]) or 0) then return {4, open, 0, mine} end
end
for k = 2, 3 do
  redis.call('HINCRBY', KEYS[k], ARGV[1], 1)
  redis.call('PEXPIRE', KEYS[k], ${KEPT_MS})
end
return {0, open + 1, 0, mine + 1}
`);

/** A connection is over. KEYS connector, source. ARGV incarnation. */
export const LEAVE = script(`
for k = 1, 2 do
  if redis.call('HINCRBY', KEYS[k], ARGV[1], -1) <= 0 then redis.call('HDEL', KEYS[k], ARGV[1]) end
end
return 1
`);

/**
 * A node says its true counts. KEYS clock, counts. ARGV incarnation, milliseconds until counts are whole because others have to say
 * theirs too (0 when they have not), then the count of each.
 */
export const RECOUNT = script(`
if tonumber(ARGV[2]) > 0 then
  local c = redis.call('HMGET', KEYS[1], 'now', 'whole')
  redis.call('HSET', KEYS[1], 'whole', math.max(tonumber(c[2]) or 0, (tonumber(c[1]) or 0) + tonumber(ARGV[2])))
end
for k = 2, #KEYS do
  if tonumber(ARGV[k + 1]) > 0 then
    redis.call('HSET', KEYS[k], ARGV[1], ARGV[k + 1])
    redis.call('PEXPIRE', KEYS[k], ${KEPT_MS})
  else redis.call('HDEL', KEYS[k], ARGV[1]) end
end
return 1
`);

/** What all have. KEYS alive, then counts. Gives a sum for each. */
export const TOTALS = script(`${SUM}
local totals = {}
for k = 2, #KEYS do totals[#totals + 1] = sum(KEYS[k]) end
return totals
`);

/**
 * May one more message start from all these sources? As SlidingRates has it: the minute under way and a share of the one before.
 * KEYS the sources. ARGV limit. Gives 1, or 0.
 */
export const TAKE = script(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local limit, length, windows = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
for k = 1, #KEYS do
  local w = redis.call('HMGET', KEYS[k], 'start', 'before', 'count', 'length')
  local start, before, count, was = tonumber(w[1]) or now, tonumber(w[2]) or 0, tonumber(w[3]) or 0, tonumber(w[4]) or 60000
  if start > now then start = now end
  local passed = math.floor((now - start) / was)
  if passed > 0 then
    if passed == 1 then before = count else before = 0 end
    count = 0
    start = start + passed * was
  end
  if was ~= length then
    count = math.ceil((count + before * (1 - (now - start) / was)) * math.min(1, length / was))
    before = 0
    start = now
  end
  if count + before * (1 - (now - start) / length) + 1 > limit then return 0 end
  windows[k] = {start, before, count}
end
for k = 1, #KEYS do
  local w = windows[k]
  redis.call('HSET', KEYS[k], 'start', w[1], 'before', w[2], 'count', w[3] + 1, 'length', length)
  redis.call('PEXPIRE', KEYS[k], 3 * length)
end
return 1
`);
