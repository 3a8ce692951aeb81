import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type AppFile, faultsOf, type Manifests, readManifest } from './kubernetes.js';

const folder = new URL('../deploy/kubernetes/', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const manifests = (): Manifests =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readManifest(readFileSync(new URL(name, folder), 'utf8'))]));

/** The manifests with one thing of the events service changed, and what is then said of them. */
const changed = (change: (documents: AppFile, all: Manifests) => void) => {
  const all = manifests();
  change(all['events.yaml'] as AppFile, all);
  return faultsOf(all, version).join('\n');
};
const pod = ([deployment]: AppFile) => deployment.spec.template.spec;

describe('The Kubernetes manifests', () => {
  it('run each app by itself, as its config wants it', () => {
    expect(faultsOf(manifests(), version)).toEqual([]);
  });

  it('give the gateway what it alone needs: where partners reach it, who stands in front, and the first key', () => {
    const [deployment] = manifests()['gateway.yaml'] as AppFile;
    const { env, envFrom } = deployment.spec.template.spec.containers[0];
    const settings = manifests()['settings.yaml'] as { metadata: { name: string }; data: object }[];
    expect(envFrom.map(({ configMapRef }) => configMapRef.name)).toContain('clusterbridge-gateway-settings');
    expect(settings.find(({ metadata }) => metadata.name === 'clusterbridge-gateway-settings')?.data).toEqual({
      PUBLIC_URL: expect.stringMatching(/^https:/),
      TRUSTED_PROXIES: expect.any(String),
    });
    expect(env.find(({ name }) => name === 'BOOTSTRAP_KEY')?.valueFrom?.secretKeyRef).toMatchObject({
      key: 'BOOTSTRAP_KEY',
      optional: true,
    });
  });

  it('come with a command for each Secret they take', () => {
    const readme = readFileSync(new URL('../deploy/README.md', import.meta.url), 'utf8');
    const taken = Object.values(manifests()).flatMap(
      (documents) => JSON.stringify(documents).match(/(?<="secretKeyRef":\{"name":")[^"]+/g) ?? [],
    );
    for (const name of new Set(taken)) expect(readme).toContain(`kubectl create secret generic ${name} `);
    expect(readme).toMatch(/MONGO_URL='[^']*[?&]w=majority&journal=true'/);
  });

  const faults: [what: string, change: (documents: AppFile, all: Manifests) => void, said: RegExp][] = [
    ['an app is missing', (_, all) => delete all['events.yaml'], /events\.yaml is in kustomization\.yaml and nowhere else\nevents:/],
    ['a file is not listed', (_, all) => Object.assign(all, { 'more.yaml': [] }), /more\.yaml is not in kustomization\.yaml/],
    ['a variable is unknown', (documents) => pod(documents).containers[0].env.push({ name: 'SMTP_URL' }), /events: SMTP_URL is not known/],
    [
      'a setting is unknown',
      (_, all) => Object.assign((all['settings.yaml']![0] as { data: object }).data, { KAFKA: 'x' }),
      /events: KAFKA is not known/,
    ],
    [
      'settings are taken that are not there',
      (documents) => pod(documents).containers[0].envFrom.push({ configMapRef: { name: 'more-settings' } }),
      /events: more-settings is not in settings\.yaml/,
    ],
    [
      'settings of the gateway are taken',
      (documents) => pod(documents).containers[0].envFrom.push({ configMapRef: { name: 'clusterbridge-gateway-settings' } }),
      /events: PUBLIC_URL is not known/,
    ],
    ['a variable is forgotten', (documents) => pod(documents).containers[0].env.splice(1, 1), /MONGO_URL is missing/],
    [
      'a secret stands in it',
      (documents) => Object.assign(pod(documents).containers[0].env[3]!, { value: 'x'.repeat(32), valueFrom: undefined }),
      /BY_KEY does not come from a Secret/,
    ],
    [
      'readiness is not asked',
      (documents) =>
        delete (pod(documents).containers[0] as Partial<AppFile[0]['spec']['template']['spec']['containers'][0]>).readinessProbe,
      /readinessProbe/,
    ],
    [
      'life hangs on readiness',
      (documents) => Object.assign(pod(documents).containers[0].livenessProbe.httpGet, { path: '/health/ready' }),
      /asks \/health\/ready where/,
    ],
    ['two are rolled at once', (documents) => Object.assign(documents[0].spec.strategy.rollingUpdate, { maxSurge: 2 }), /maxSurge/],
    [
      'there is no time to end',
      (documents) => Object.assign(pod(documents), { terminationGracePeriodSeconds: 5 }),
      /terminationGracePeriodSeconds/,
    ],
    ['it runs as root', (documents) => Object.assign(pod(documents).securityContext, { runAsUser: 0 }), /runAsUser/],
    [
      'the image is of another app',
      (documents) => Object.assign(pod(documents).containers[0], { image: 'clusterbridge/worker:0.1.0' }),
      /runs clusterbridge\/worker/,
    ],
    [
      'a Service leads elsewhere',
      (documents) => Object.assign(documents[1].spec.selector, { 'app.kubernetes.io/name': 'worker' }),
      /selectors do not meet/,
    ],
  ];

  it.each(faults)('are told when %s', (_, change, said) => {
    expect(changed(change)).toMatch(said);
  });
});
