import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { renderLine, renderLive } from '../../src/cli/output/progress/render-progress.ts'
import { applyEvent, NO_PROGRESS } from '../../src/cli/output/progress/run-progress.ts'
import type { ImageEvent, PipelineEvent } from '../../src/pipeline/events.ts'

const colors = pc.createColors(false)
const image = (name: string, status: ImageEvent['status']): PipelineEvent => ({
  type: 'image',
  image: { manifest: 'site.image.yaml', name },
  status,
})

function progressAfter(...events: readonly (readonly [at: number, event: PipelineEvent])[]) {
  return events.reduce((progress, [at, event]) => applyEvent(progress, event, at), NO_PROGRESS)
}

const STARTED = { type: 'run-start', images: 3, toGenerate: 2 } as const
const GENERATING = { state: 'generating', attempt: 2, requestId: 'r' } as const

describe('renderLive', () => {
  it('tells how long each image has been running, its attempts, and how many are done', () => {
    const progress = progressAfter(
      [0, STARTED],
      [0, image('team', { state: 'queued' })],
      [0, image('logo', { state: 'ready', where: 'local', how: 'cached' })],
      [0, image('hero', { ...GENERATING, attempt: 1 })],
      [4_000, image('hero', { state: 'retrying', attempt: 2, delay: 3_000, problem: 'busy' })],
      [7_000, image('hero', GENERATING)],
      [9_000, image('hero', { state: 'receiving', attempt: 2, bytes: 4_200_000 })],
    )
    expect(renderLive(progress, 65_500, 100, colors)).toBe(
      '⠴ site.image.yaml#hero  receiving, 4.2 MB · 1 min 5 s, attempt 2\n  1 of 3 images done, 1 waiting',
    )
  })

  it('never is wider than the terminal, nor higher than a screen', () => {
    const many = Array.from(
      { length: 40 },
      (_, index) => [0, image(`image-${index}`, GENERATING)] as const,
    )
    const lines = renderLive(progressAfter([0, STARTED], ...many), 0, 30, colors).split('\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThan(30)
    expect(lines).toHaveLength(13)
  })
})

describe('renderLine', () => {
  it.each<[PipelineEvent, string | undefined]>([
    [STARTED, '3 images, 2 to generate'],
    [image('hero', GENERATING), 'site.image.yaml#hero: generating, attempt 2'],
    [image('hero', { state: 'receiving', attempt: 1, bytes: 3 }), undefined],
    [image('hero', { state: 'ready', where: 'local', how: 'cached' }), undefined],
    [
      image('hero', { state: 'ready', where: 'local', how: 'adopted' }),
      '[1/3] site.image.yaml#hero: adopted',
    ],
    [
      image('hero', { state: 'failed', problem: 'site.image.yaml#hero: no\u001b[2J' }),
      '[1/3] site.image.yaml#hero: failed',
    ],
    [{ type: 'warning', message: 'odd size' }, 'warning odd size'],
  ])('%j', (event, expected) => {
    const before = event === STARTED ? NO_PROGRESS : progressAfter([0, STARTED])
    expect(renderLine(event, applyEvent(before, event, 0))).toBe(expected)
  })
})
