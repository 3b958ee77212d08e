-- SPDX-License-Identifier: Apache-2.0
-- Rejects jobs at submission that the plugin would reject later, and adds the licence that a quantum device needs.
-- slurm.conf: JobSubmitPlugins=lua. This file stands beside slurm.conf; set the table to what the site file says.
-- It serves the user; what it lets pass is decided again on the node.

local DEVICES = {
  aurora = { license = "qpu_aurora", partitions = { quantum = true } },
}
-- The device of those who ask for none, by partition.
local DEFAULTS = { quantum = "aurora" }

local OPTION = "_SLURM_SPANK_OPTION_qdmikit_"

local function asked_for(job)
  local environment = job.spank_job_env or {}
  for index = 0, (job.spank_job_env_size or 0) - 1 do
    local text = environment[index] or ""
    for _, option in ipairs({ "qdmi-device", "qpu" }) do
      local name = OPTION .. option:gsub("-", "_") .. "="
      local plain = OPTION .. option .. "="
      for _, start in ipairs({ name, plain }) do
        if text:sub(1, #start) == start then
          return text:sub(#start + 1)
        end
      end
    end
  end
  return nil
end

local function names(set)
  local list = {}
  for name in pairs(set) do
    list[#list + 1] = name
  end
  table.sort(list)
  return table.concat(list, ", ")
end

local function holds(licenses, wanted)
  for entry in (licenses or ""):gmatch("[^,;]+") do
    if entry:match("^([^:]+)") == wanted then
      return true
    end
  end
  return false
end

function slurm_job_submit(job, partitions, uid)
  local partition = job.partition
  if partition == nil then
    for name, entry in pairs(partitions) do
      if entry.flag_default == 1 then
        partition = name
      end
    end
  end
  -- Slurm takes any of several partitions ("a,b"): all must do, and each may have a default device.
  local candidates = {}
  for name in (partition or ""):gmatch("[^,]+") do
    candidates[#candidates + 1] = name
  end
  local asked = asked_for(job)
  local explicit = asked ~= nil
  for _, name in ipairs(candidates) do
    asked = asked or DEFAULTS[name]
  end
  if asked == nil then
    return slurm.SUCCESS
  end
  local device = DEVICES[asked]
  if device == nil then
    slurm.log_user("qdmikit: rejected: there is no quantum device '%s' at this site. Ask for one of: %s.", asked, names(DEVICES))
    return slurm.ERROR
  end
  for _, name in ipairs(explicit and candidates or {}) do
    if device.partitions ~= nil and not device.partitions[name] then
      slurm.log_user("qdmikit: rejected: quantum device '%s' cannot be used from partition '%s'. Submit to: --partition=%s.",
        asked, name, names(device.partitions))
      return slurm.ERROR
    end
  end
  if device.license ~= nil and not holds(job.licenses, device.license) then
    local before = job.licenses
    job.licenses = (before ~= nil and before ~= "") and (before .. "," .. device.license .. ":1") or (device.license .. ":1")
  end
  return slurm.SUCCESS
end

function slurm_job_modify(job, record, partitions, uid)
  return slurm.SUCCESS
end
