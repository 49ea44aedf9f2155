import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { type BenchCase, type Bound, type Contender, compare } from '../harness/bench-case.ts'
import {
  describeWork,
  forget,
  viteBuild,
  WITH_AVIF,
  writeProjects,
} from '../harness/gallery-project.ts'

const FEW_CORES = 2

/** Everything still to be encoded, most of it slowly. */
export const coldAvif: BenchCase = {
  name: 'cold-avif',
  work: `${describeWork(WITH_AVIF)}; nothing cached, with ${coreCounts().map(nameOf).join(' and with ')}. Threads of Node and sharp are as many as each has by itself.`,
  rounds: 1,
  async prepare(folder) {
    const projects = await writeProjects(folder, WITH_AVIF)
    const counts = coreCounts()
    return {
      contenders: counts.flatMap(cores => contendersOf(folder, projects, cores)),
      bounds: counts.flatMap(boundsOf),
      remarks:
        counts.length === 1
          ? [`All cores are ${FEW_CORES} on this machine, so one set of runs is both.`]
          : [],
    }
  },
}

/** Two, and all where these are more. */
function coreCounts(): readonly number[] {
  const all = availableParallelism()
  return all > FEW_CORES ? [FEW_CORES, all] : [all]
}

function nameOf(cores: number): string {
  return `${cores} cores`
}

type Projects = Awaited<ReturnType<typeof writeProjects>>

function contendersOf(folder: string, projects: Projects, cores: number): readonly Contender[] {
  const { product, imagetools, pictures } = projects
  const output = path.join(folder, 'script')
  const named = (name: string, contender: Omit<Contender, 'name'>): Contender => ({
    ...contender,
    name: `${name}, ${nameOf(cores)}`,
    cores,
  })
  return [
    named('Vite with unplugin-imagegen', {
      ...viteBuild('', product, 'product'),
      reset: forget(product),
    }),
    named('Vite with vite-imagetools', {
      ...viteBuild('', imagetools, 'imagetools'),
      reset: forget(imagetools),
    }),
    named('unplugin-imagegen alone', {
      script: 'resolve-module.mjs',
      input: { root: product },
      reset: forget(product),
    }),
    named('a sharp script', {
      script: 'sharp-script.mjs',
      input: { pictures, output, ...WITH_AVIF },
      reset: () => rm(output, { recursive: true, force: true }),
    }),
  ]
}

function boundsOf(cores: number): readonly Bound[] {
  const at = (name: string) => `${name}, ${nameOf(cores)}`
  return [
    compare({
      contender: at('Vite with unplugin-imagegen'),
      peer: at('Vite with vite-imagetools'),
      of: 'wall',
      atMost: 0.6,
    }),
    compare({
      contender: at('unplugin-imagegen alone'),
      peer: at('a sharp script'),
      of: 'wall',
      atMost: 1.08,
    }),
  ]
}
