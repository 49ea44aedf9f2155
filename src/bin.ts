#!/usr/bin/env node
const { runBin } = await import('./cli/main.ts')
await runBin()
