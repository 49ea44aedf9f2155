#!/usr/bin/env node
import './system/check-node.ts'

const { runBin } = await import('./cli/main.ts')
await runBin()
