import type { Pipeline } from '../../pipeline/pipeline.ts'
import { syncTypes } from '../../pipeline/types/sync-types.ts'
import { installedVersion } from '../../project/framework-version.ts'
import { knownHosts } from '../init/detect-host.ts'
import { planInit } from '../init/plan-init.ts'
import { readProject } from '../init/read-project.ts'
import { count } from '../output/format.ts'
import { createFinding, type Finding, findingOf } from './finding.ts'

/** The bundler, its plugin, TypeScript and types. */
export async function checkProject(pipeline: Pipeline): Promise<readonly Finding[]> {
  const { root, types } = pipeline.options
  const manifests = await pipeline.discover()
  const found =
    manifests.length > 0
      ? createFinding('ok', 'manifests', `${count(manifests.length, 'manifest')} in ${root}.`)
      : createFinding('warning', 'manifests', `There is none in ${root}. Run \`imagegen init\`.`)
  try {
    const project = await readProject(root, { hasManifest: manifests.length > 0, types })
    return [
      found,
      ...checkHosts(root, project.dependencies),
      checkSetup(
        planInit(project, { lfs: project.gitattributes?.includes('filter=lfs') ?? false }),
      ),
      await checkTypes(pipeline),
    ]
  } catch (error) {
    return [found, findingOf('project', error)]
  }
}

function checkHosts(root: string, dependencies: readonly string[]): readonly Finding[] {
  const hosts = knownHosts(dependencies)
  if (hosts.length === 0) {
    const message = 'None is a dependency. `imagegen generate` and `imagegen export` need none.'
    return [createFinding('ok', 'bundler', message)]
  }
  return hosts.map(({ dependency, name }) => {
    const version = installedVersion(root, dependency)
    return version === undefined
      ? createFinding('warning', name, `${dependency} is not installed, or hides its version.`)
      : createFinding('ok', name, `${dependency} ${version}.`)
  })
}

function checkSetup({ changes }: ReturnType<typeof planInit>): Finding {
  // A configuration is not needed, and manifests are counted already.
  const missing = changes.filter(({ action, file }) => action === 'edit' || file.startsWith('.git'))
  if (missing.length === 0) return createFinding('ok', 'setup', 'Nothing is missing.')
  const list = missing.map(({ file, what }) => `${file} (${what})`).join(', ')
  return createFinding('warning', 'setup', `Incomplete: ${list}. Run \`imagegen init\`.`)
}

async function checkTypes(pipeline: Pipeline): Promise<Finding> {
  if (pipeline.options.types === false) {
    return createFinding('ok', 'types', '`types` is false, so none are written.')
  }
  const { written, removed, current, faults } = await syncTypes(pipeline, { dryRun: true })
  if (faults.length > 0) {
    const many = count(faults.length, 'manifest')
    const message = `${many} cannot be read. \`imagegen check\` lists the faults.`
    return createFinding('problem', 'types', message)
  }
  if (written.length + removed.length === 0) {
    return createFinding('ok', 'types', `${count(current, 'type file')}, all up to date.`)
  }
  const stale = count(written.length + removed.length, 'type file')
  return createFinding(
    'warning',
    'types',
    `${stale} missing or out of date. Run \`imagegen sync\`.`,
  )
}
