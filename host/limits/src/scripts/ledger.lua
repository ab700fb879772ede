-- What a tenant has used, as ledger.rs and calendar.rs have it. In front of check.lua and charge.lua.
-- Redis's own time, so that the clocks of instances do not matter; all times are in milliseconds.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local DAY, MOST = 86400000, 4503599627370496
-- Twelve numbers, as processors have them: text takes Redis several times as long.
local FORM = '<dddddddddddd'
-- Two months: after them, not even the last month's counts are there.
local LIFE = 63 * DAY

local function keep(key, value, life)
    redis.call('SET', key, value, 'PX', string.format('%.0f', life))
end

local function first_day(month)
    local year, rest = math.floor(month / 12), month % 12
    local leap = math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
    return 365 * year + leap + math.floor((153 * rest + 2) / 5) - 719468
end

local function month_of(day)
    local month = math.floor((day + 719468) * 4800 / 146097)
    while first_day(month) > day do month = month - 1 end
    while first_day(month + 1) <= day do month = month + 1 end
    return month
end

-- The numbers: 1 today, 2 its calls, 3 its parsed bytes; 4 this month, 5 its calls, 6 parsed, 7 held; 8 the last
-- month's calls, 9 parsed, 10 held; 11 stored bytes, 12 up to when held is counted.
local function open_ledger(kept)
    local today = math.floor(now / DAY)
    local month = month_of(today)
    if not kept or #kept ~= 96 then return { today, 0, 0, month, 0, 0, 0, 0, 0, 0, 0, now } end
    local ledger = { struct.unpack(FORM, kept) }
    if ledger[1] ~= today and ledger[1] ~= today + 1 then
        ledger[1], ledger[2], ledger[3] = today, 0, 0
    end
    if ledger[4] ~= month and ledger[4] ~= month + 1 then
        local begin = first_day(month) * DAY
        if ledger[4] + 1 == month then
            ledger[8], ledger[9], ledger[10] = ledger[5], ledger[6], ledger[7]
        else
            ledger[8], ledger[9], ledger[10] = 0, 0, 0
        end
        local last = math.max(0, begin - math.max(ledger[12], first_day(month - 1) * DAY))
        ledger[10] = ledger[10] + ledger[11] * last
        ledger[4], ledger[5], ledger[6], ledger[7] = month, 0, 0, 0
        ledger[12] = math.max(ledger[12], begin)
    end
    ledger[7] = ledger[7] + ledger[11] * math.max(0, now - ledger[12])
    ledger[12] = now
    return ledger
end

local function written(ledger)
    return struct.pack(FORM, unpack(ledger, 1, 12))
end

local function add(ledger, at, more)
    ledger[at] = math.min(MOST, ledger[at] + more)
end

-- What is stored stays known until somebody says otherwise.
local function keep_ledger(key, ledger)
    if ledger[11] > 0 then
        redis.call('SET', key, written(ledger))
    else
        keep(key, written(ledger), LIFE)
    end
end
