-- ARGV: time, code hash, the mismatches that burn, tokens. Nothing else runs between the question and the
-- writing: whoever changes the row has won (P24, CVE-2026-47386).
local row = redis.call('HMGET', ROW,
  'code_hash', 'used', 'live', 'mismatches', 'expires_at', 'generation', 'keep_until')
local open = row[1] == ARGV[2] and not row[2] and row[3]
  and tonumber(row[4]) < tonumber(ARGV[3]) and tonumber(row[5]) > now
if not open then return refused() end
redis.call('HSET', ROW, 'used', '1')
issue(tonumber(row[6]), tonumber(row[7]), 4)
return 1
