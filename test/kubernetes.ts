import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Service as App } from '#libs/contracts/actor';
import { apps, environmentFaults, secretFor } from './compose.js';

const Named = z.object({ name: z.string() });
const Labels = z.record(z.string(), z.string());
const Probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal('http') }) });
const Variable = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .object({
      secretKeyRef: z.object({ name: z.string(), key: z.string(), optional: z.boolean().optional() }).optional(),
      fieldRef: z.object({ fieldPath: z.string() }).optional(),
    })
    .optional(),
});

const Container = z.object({
  name: z.string(),
  image: z.string(),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  envFrom: z.array(z.object({ configMapRef: Named })),
  env: z.array(Variable),
  startupProbe: Probe,
  livenessProbe: Probe,
  readinessProbe: Probe,
  resources: z.object({ requests: z.object({ cpu: z.string(), memory: z.string() }), limits: z.object({ memory: z.string() }) }),
  securityContext: z.object({ allowPrivilegeEscalation: z.literal(false), readOnlyRootFilesystem: z.literal(true) }),
});

const Deployment = z.object({
  kind: z.literal('Deployment'),
  metadata: Named,
  spec: z.object({
    replicas: z.int().min(2),
    strategy: z.object({
      type: z.literal('RollingUpdate'),
      rollingUpdate: z.object({ maxSurge: z.literal(1), maxUnavailable: z.literal(0) }),
    }),
    selector: z.object({ matchLabels: Labels }),
    template: z.object({
      metadata: z.object({ labels: Labels }),
      spec: z.object({
        terminationGracePeriodSeconds: z.literal(30),
        securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.int().min(1) }),
        containers: z.tuple([Container]),
      }),
    }),
  }),
});
const KubernetesService = z.object({
  kind: z.literal('Service'),
  metadata: Named,
  spec: z.object({ selector: Labels, ports: z.tuple([z.object({ targetPort: z.literal('http') })]) }),
});
const Budget = z.object({
  kind: z.literal('PodDisruptionBudget'),
  metadata: Named,
  spec: z.object({ maxUnavailable: z.literal(1), selector: z.object({ matchLabels: Labels }) }),
});
const AppFile = z.tuple([Deployment, KubernetesService, Budget]);
export type AppFile = z.infer<typeof AppFile>;

const Settings = z.array(z.object({ kind: z.literal('ConfigMap'), metadata: Named, data: z.record(z.string(), z.string()) }));
type Settings = z.infer<typeof Settings>;
const Kustomization = z.tuple([z.object({ kind: z.literal('Kustomization'), resources: z.array(z.string()) })]);

/** Manifests by file name, each file a list of documents. */
export type Manifests = Record<string, unknown[]>;

export const readManifest = (text: string): unknown[] =>
  parseAllDocuments(text).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS();
  });

export function faultsOf(manifests: Manifests, version: string): string[] {
  const settings = Settings.safeParse(manifests['settings.yaml']);
  const base = Kustomization.safeParse(manifests['kustomization.yaml']);
  if (!settings.success || !base.success) return ['settings.yaml or kustomization.yaml is not of the expected form'];
  const unlisted = Object.keys(manifests).filter((name) => name !== 'kustomization.yaml' && !base.data[0].resources.includes(name));
  const absent = base.data[0].resources.filter((name) => !(name in manifests));
  return [
    ...unlisted.map((name) => `${name} is not in kustomization.yaml`),
    ...absent.map((name) => `${name} is in kustomization.yaml and nowhere else`),
    ...apps.flatMap((app) => appFaults(app, manifests[`${app}.yaml`], settings.data, version).map((fault) => `${app}: ${fault}`)),
  ];
}

function appFaults(app: App, documents: unknown[] | undefined, settings: Settings, version: string): string[] {
  const read = AppFile.safeParse(documents);
  if (!read.success) return read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const [deployment] = read.data;
  const container = deployment.spec.template.spec.containers[0];
  return [
    ...nameFaults(app, read.data),
    ...(container.image === `clusterbridge/${app}:${version}` ? [] : [`runs ${container.image}, not clusterbridge/${app}:${version}`]),
    ...probeFaults(container),
    ...secretFaults(container),
    ...settingFaults(container, settings),
    ...environmentFaults(app, { ...told(container, settings), ...given(container) }),
  ];
}

function nameFaults(app: App, [deployment, service, budget]: AppFile): string[] {
  const { selector, template } = deployment.spec;
  const labels = [selector.matchLabels, template.metadata.labels, service.spec.selector, budget.spec.selector.matchLabels];
  const strangers = [deployment, service, budget].filter(({ metadata }) => metadata.name !== app);
  return [
    ...strangers.map(({ kind, metadata }) => `its ${kind} is called ${metadata.name}`),
    ...(labels.every((label) => label['app.kubernetes.io/name'] === app) ? [] : ['labels and selectors do not meet']),
  ];
}

type Container = z.infer<typeof Container>;

const probeFaults = ({ startupProbe, livenessProbe, readinessProbe }: Container) =>
  [[startupProbe, '/health/live'] as const, [livenessProbe, '/health/live'] as const, [readinessProbe, '/health/ready'] as const].flatMap(
    ([probe, path]) => (probe.httpGet.path === path ? [] : [`asks ${probe.httpGet.path} where it should ask ${path}`]),
  );

const settingFaults = ({ envFrom }: Container, settings: Settings) =>
  envFrom
    .filter(({ configMapRef: { name } }) => !settings.some(({ metadata }) => metadata.name === name))
    .map(({ configMapRef: { name } }) => `${name} is not in settings.yaml`);

const told = ({ envFrom }: Container, settings: Settings): Record<string, string> =>
  Object.assign({}, ...envFrom.map(({ configMapRef: { name } }) => settings.find(({ metadata }) => metadata.name === name)?.data));

/** URLs of engines carry passwords, so they come from Secrets as keys do. */
const secretFaults = ({ env }: Container) =>
  env
    .filter(({ name, valueFrom }) => /KEY|_URL$/.test(name) && valueFrom?.secretKeyRef?.key !== name)
    .map(({ name }) => `${name} does not come from a Secret`);

const sample = (name: string) =>
  name.endsWith('_URL') ? `${{ MONGO_URL: 'mongodb', REDIS_URL: 'redis', SMTP_URL: 'smtp' }[name]}://engine:1` : secretFor(name);

const given = ({ env }: Container) => Object.fromEntries(env.map(({ name, value }) => [name, value ?? sample(name)]));
