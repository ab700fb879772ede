-- Adds to a ledger, KEYS[1]: calls, parsed bytes, stored bytes that are so (-1: as they were), stored bytes that come to
-- that. Answers with the time and the ledger.
local ledger = open_ledger(redis.call('GET', KEYS[1]))
local calls, parsed, set, delta = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if calls + parsed > 0 or set >= 0 or delta ~= 0 then
    add(ledger, 2, calls)
    add(ledger, 3, parsed)
    add(ledger, 5, calls)
    add(ledger, 6, parsed)
    if set >= 0 then ledger[11] = set end
    ledger[11] = math.max(0, math.min(MOST, ledger[11] + delta))
    keep_ledger(KEYS[1], ledger)
end
return { now, written(ledger) }
