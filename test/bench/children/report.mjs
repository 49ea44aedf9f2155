import { readFileSync, writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** Preloaded into every process that is measured: it tells its own figures when it ends. */
const notes = {}

/** Adds a figure of the script's own. */
export function note(name, value) {
  notes[name] = value
}

// Workers and processes that it starts load this as well.
const isMeasured = isMainThread && String(process.ppid) === process.env.BENCH_PARENT

function report() {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const figures = {
    // Milliseconds since the process was started, loading included.
    wall: performance.now(),
    cpu: (userCPUTime + systemCPUTime) / 1000,
    memory: peakMemory() ?? maxRSS * 1024,
    ...notes,
  }
  writeSync(3, JSON.stringify(figures))
}

/** In bytes. Linux begins `maxRSS` with that of the process that started this one. */
function peakMemory() {
  if (process.platform !== 'linux') return undefined
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  return peak ? Number(peak[1]) * 1024 : undefined
}

if (isMeasured) process.on('exit', report)
