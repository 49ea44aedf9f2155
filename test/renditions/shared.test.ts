import { expect, it } from 'vitest'
import { createOnce } from '../../src/renditions/cache/once.ts'
import { createShared } from '../../src/renditions/cache/shared.ts'

/** Something to wait for, ended by the test. */
function createGate() {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open: () => open() }
}

it('makes a value once for all who use it at the same time, and again after that', async () => {
  const share = createShared<number>(2)
  let made = 0
  const make = async () => ++made
  const use = () => share('a', make, async value => value)
  expect(await Promise.all([use(), use(), use()])).toEqual([1, 1, 1])
  expect(await use()).toBe(2)
})

it('holds no more values than allowed, and lets the next one in when one is dropped', async () => {
  const share = createShared<string>(1)
  const [first, second] = [createGate(), createGate()]
  const made: string[] = []
  const make = (name: string) => async () => {
    made.push(name)
    return name
  }
  const a = share('a', make('a'), () => first.opened)
  const b = share('b', make('b'), () => second.opened)
  const alsoA = share('a', make('a'), () => second.opened)
  first.open()
  await a
  expect(made).toEqual(['a'])
  second.open()
  await Promise.all([alsoA, b])
  expect(made).toEqual(['a', 'b'])
})

it('frees the place of a value that could not be made', async () => {
  const share = createShared<string>(1)
  const fail = () =>
    share(
      'a',
      () => Promise.reject(new Error('no')),
      async () => {},
    )
  expect((await Promise.allSettled([fail(), fail()])).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
  ])
  expect(
    await share(
      'a',
      async () => 'made',
      async value => value,
    ),
  ).toBe('made')
})

it('joins work that is under way, and starts anew when it has ended', async () => {
  const once = createOnce<number>()
  let runs = 0
  const work = async () => ++runs
  expect(await Promise.all([once('a', work), once('a', work), once('b', work)])).toEqual([1, 1, 2])
  expect(await once('a', work)).toBe(3)
})
