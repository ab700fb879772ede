-- Whether a request may pass: all that it takes is taken, or nothing. KEYS: the tenant's ledger, then a key for each rule.
-- ARGV: calls; bytes to parse, bytes to store (-1: none); the five quotas (-1: none); then for each rule its kind, limit,
-- window and burst, as rate.rs has them, and the calls that it counts. Answers with whether it may, the time, and for each
-- quota and rule: how long to wait (0: not at all, -1: no use), what remains, and when more does (-1: never by itself).
local calls, asked_parse, asked_store = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('MGET', unpack(KEYS))
local ledger = open_ledger(kept[1])

local function settle(rule, text)
    local at, count, before
    if text then
        at, count, before = string.match(text, '^(%d+) (%d+) (%d+)$')
        at, count, before = tonumber(at), tonumber(count), tonumber(before)
    end
    if rule.kind == 'bucket' then
        rule.at, rule.count, rule.before = now, rule.burst * rule.window, 0
        if at then
            local missing, elapsed = math.max(0, rule.count - count), math.max(0, now - at)
            local known = at <= now + rule.window
            if known and elapsed < math.ceil(missing / rule.limit) then rule.count = count + elapsed * rule.limit end
        end
        return rule
    end
    local start = now - now % rule.window
    rule.at, rule.count, rule.before = start, 0, 0
    if at and at >= start and at <= start + rule.window then
        rule.at, rule.count, rule.before = at, count, before
    elseif at and at + rule.window == start and rule.kind == 'sliding' then
        rule.before = count
    end
    return rule
end

local function wait(rule, calls)
    if calls > rule.burst then return -1 end
    if rule.kind == 'bucket' then
        return math.ceil(math.max(0, calls * rule.window - rule.count) / rule.limit)
    end
    local window, room, ends = rule.window, rule.limit - rule.count - calls, rule.at + rule.window - now
    if rule.kind == 'fixed' then
        if room >= 0 then return 0 end
        return ends
    end
    if room < 0 then
        return ends + window - math.min(window, math.floor((rule.limit - calls) * window / rule.count))
    end
    if rule.before * (window - math.max(0, now - rule.at)) <= room * window then return 0 end
    return ends - math.floor(room * window / rule.before)
end

local function remaining(rule)
    if rule.kind == 'bucket' then return math.floor(rule.count / rule.window) end
    local before = 0
    if rule.kind == 'sliding' then
        before = math.ceil(rule.before * (rule.window - math.max(0, now - rule.at)) / rule.window)
    end
    return math.max(0, rule.limit - rule.count - before)
end

-- What is as if it were not there may go.
local function life(rule)
    if rule.kind == 'bucket' then return math.ceil((rule.burst * rule.window - rule.count) / rule.limit) end
    local windows = 1
    if rule.kind == 'sliding' then windows = 2 end
    return rule.at + windows * rule.window - now
end

local rules = {}
for at = 2, #KEYS do
    local first = 9 + (at - 2) * 5
    local rule = { key = KEYS[at], kind = ARGV[first], limit = tonumber(ARGV[first + 1]) }
    rule.window, rule.burst = tonumber(ARGV[first + 2]), tonumber(ARGV[first + 3])
    rule.calls = tonumber(ARGV[first + 4])
    rules[at - 1] = settle(rule, kept[at])
end

local day, month = (ledger[1] + 1) * DAY - now, first_day(ledger[4] + 1) * DAY - now
local quotas = {
    { at = 2, asked = calls, reset = day }, { at = 5, asked = calls, reset = month },
    { at = 3, asked = asked_parse, reset = day }, { at = 6, asked = asked_parse, reset = month },
    { at = 11, asked = asked_store, reset = -1 },
}
local allowed = true
for at, quota in ipairs(quotas) do
    quota.limit, quota.wait = tonumber(ARGV[3 + at]), 0
    if quota.limit >= 0 and quota.asked >= 0 and ledger[quota.at] + quota.asked > quota.limit then
        quota.wait, allowed = quota.reset, false
        if quota.asked > quota.limit then quota.wait = -1 end
    end
end
for _, rule in ipairs(rules) do
    rule.wait = wait(rule, rule.calls)
    if rule.wait ~= 0 then allowed = false end
end

if allowed and calls > 0 then
    add(ledger, 2, calls)
    add(ledger, 5, calls)
    keep_ledger(KEYS[1], ledger)
    for _, rule in ipairs(rules) do
        if rule.kind == 'bucket' then
            rule.count = rule.count - rule.calls * rule.window
        else
            rule.count = rule.count + rule.calls
        end
        keep(rule.key, string.format('%.0f %.0f %.0f', rule.at, rule.count, rule.before), life(rule))
    end
end

local answer = { 0, now }
if allowed then answer[1] = 1 end
local function say(wait, remaining, reset)
    answer[#answer + 1], answer[#answer + 2], answer[#answer + 3] = wait, remaining, reset
end
for _, quota in ipairs(quotas) do
    if quota.limit >= 0 then say(quota.wait, math.max(0, quota.limit - ledger[quota.at]), quota.reset) end
end
for _, rule in ipairs(rules) do
    local left = remaining(rule)
    local reset = 0
    if left < rule.burst then reset = wait(rule, left + 1) end
    say(rule.wait, left, reset)
end
return answer
