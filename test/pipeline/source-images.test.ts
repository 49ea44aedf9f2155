import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { drawPhoto } from '../support/photo.ts'
import { createProject, failureOf, open, plain, startApi } from '../support/project.ts'

const IMAGE = 'images:\n  photo: { source: ./photo.jpg }\n'

test('nothing is requested for a source, and an image that refers to it is an edit of it', async () => {
  const api = await startApi()
  const photo = await drawPhoto(64, 96)
  const project = await createProject({
    'site.image.yaml': `${IMAGE}  poster:
    prompt: As a poster
    size: 1024x1024
    references: [{ image: photo }]
`,
    'photo.jpg': photo,
  })
  const { pipeline } = await open(project, api.url)
  const { images } = await pipeline.plan()
  expect(images.map(({ id, status, key }) => [id.name, status.state, key !== undefined])).toEqual([
    ['photo', 'ready', false],
    ['poster', 'missing', true],
  ])
  const report = await pipeline.generate()
  expect(report.images.map(({ image }) => image.name)).toEqual(['poster'])
  const [sent] = api.requests[0]?.files ?? []
  const { width, height, exif, orientation } = await sharp(sent?.bytes).metadata()
  expect([width, height, exif, orientation]).toEqual([64, 96, undefined, undefined])
  const { images: made } = await pipeline.resolveModule('site.image.yaml')
  expect(made.map(({ assemble }) => assemble(() => 'x').format)).toEqual(['jpeg', 'png'])
  expect(api.count).toBe(1)
})

test('a prompt that gives way to a source keeps its original, and what refers to it is named', async () => {
  const api = await startApi()
  const project = await createProject({
    'photo.jpg': await drawPhoto(64, 96),
    'site.image.yaml': `images:
  photo: { prompt: A keeper, size: 1024x1024 }
  poster: { prompt: As a poster, size: 1024x1024, references: [{ image: photo }] }
`,
  })
  const { pipeline } = await open(project, api.url)
  const before = (await pipeline.plan()).images
  await pipeline.generate()
  const [key] = before.map(image => image.key)
  await project.write({
    'site.image.yaml': `images:
  photo: { source: ./photo.jpg, prompt: A keeper, size: 1024x1024 }
  poster: { prompt: As a poster, size: 1024x1024, references: [{ image: photo }] }
`,
  })
  const [photo, poster] = (await pipeline.plan()).images
  expect(photo).toMatchObject({ status: { state: 'ready' }, promptKey: key })
  expect(photo?.key).toBeUndefined()
  expect(poster).toMatchObject({ status: { state: 'missing' } })
})

test.each<[string, (root: string) => Promise<void>, string]>([
  ['missing', root => rm(path.join(root, 'photo.jpg')), 'does not exist. Paths of sources are'],
  [
    'a folder',
    async root => {
      await rm(path.join(root, 'photo.jpg'))
      await mkdir(path.join(root, 'photo.jpg'))
    },
    'is not a regular file. Name a PNG, JPEG, WebP or AVIF file.',
  ],
  [
    'an SVG',
    root => writeFile(path.join(root, 'photo.jpg'), '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'is not a PNG, JPEG, WebP or AVIF picture.',
  ],
  [
    'a link out of the project',
    async root => {
      await rm(path.join(root, 'photo.jpg'))
      await symlink('/etc/hostname', path.join(root, 'photo.jpg'))
    },
    'lies outside the project.',
  ],
  [
    'too large',
    async root => {
      const input = { width: 1000, height: 500, channels: 3, background: 'teal' } as const
      await writeFile(
        path.join(root, 'photo.jpg'),
        await sharp({ create: input }).jpeg().toBuffer(),
      )
    },
    'has 1000×500 pixels, but `limits.sourcePixels` allows 400000.',
  ],
  [
    'damaged',
    async root => {
      const photo = await drawPhoto(64, 96)
      await writeFile(path.join(root, 'photo.jpg'), photo.subarray(0, photo.length - 20))
    },
    'could not be created from',
  ],
])('a source that is %s stops the build', async (_, spoil, words) => {
  const project = await createProject({
    'site.image.yaml': IMAGE,
    'photo.jpg': await drawPhoto(64, 96),
  })
  await spoil(project.root)
  const { pipeline } = await open(project, 'http://127.0.0.1:1', {
    limits: { sourcePixels: 400_000 },
  })
  const { message } = await failureOf(pipeline.resolveModule('site.image.yaml'))
  expect(plain(message, project)).toContain(words)
})

test('an edited file is another picture', async () => {
  const project = await createProject({
    'site.image.yaml': IMAGE,
    'photo.jpg': await drawPhoto(64, 96),
  })
  const { pipeline } = await open(project, 'http://127.0.0.1:1')
  const widthNow = async () =>
    (await pipeline.resolveModule('site.image.yaml')).images[0]?.assemble(() => 'x').width
  expect(await widthNow()).toBe(64)
  await project.write({ 'photo.jpg': await drawPhoto(32, 48) })
  expect(await widthNow()).toBe(32)
  const { watchFiles } = await pipeline.resolveModule('site.image.yaml')
  expect(watchFiles).toContain(path.join(project.root, 'photo.jpg'))
})
