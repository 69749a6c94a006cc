-- Gateways that push one interval of a hundred series at a time. Arguments: number of gateways, tokens blank-separated.
local threads = 0
function setup(thread) thread:set("id", threads); threads = threads + 1 end
function init(args)
  gateways = tonumber(args[1]); tokens = {}
  for i = 2, #args do tokens[#tokens + 1] = args[i] end
  templates = {}; count = 0
  for g = 0, gateways - 1 do
    local parts = {}
    for s = 1, 100 do
      parts[s] = string.format('{"series":"bench-%d","start":@,"value":%d.25}', g * 100 + s, 100 + s)
    end
    templates[g] = '{"unit":"kW.h","readings":[' .. table.concat(parts, ",") .. ']}'
  end
end
function request()
  -- Each thread has gateways of its own, so that every reading is new.
  local mine = gateways / 2
  local g = id * mine + count % mine
  local interval = math.floor(count / mine)
  count = count + 1
  local body = string.gsub(templates[g], "@", string.format("%d", 1704067200000000 + interval * 900000000))
  local headers = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. tokens[g % #tokens + 1]}
  return wrk.format("POST", "/api/readings", headers, body)
end
local refused = 0
function response(status, headers, body)
  if status ~= 200 or not string.find(body, '"stored":100', 1, true) then
    refused = refused + 1
    if refused <= 1 then print(status, string.sub(body, 1, 300)) end
  end
end
