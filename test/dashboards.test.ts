import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { register } from 'prom-client';
import { parse } from 'yaml';
import { metricNames } from '#libs/service/metrics';

interface Dashboard {
  panels: { title: string; gridPos: { x: number; y: number; w: number; h: number }; targets: { expr: string }[] }[];
}
interface Rules {
  groups: { rules: { alert: string; expr: string; labels: { severity: string }; annotations: { summary: string } }[] }[];
}

const read = (path: string) => readFileSync(new URL(`../deploy/${path}`, import.meta.url), 'utf8');
const dashboard = JSON.parse(read('dashboards/clusterbridge.json')) as Dashboard;
const alerts = (parse(read('alerts/clusterbridge.yaml')) as Rules).groups.flatMap(({ rules }) => rules);

const words = new Set(['by', 'without', 'on', 'ignoring', 'and', 'or', 'unless', 'bool', 'offset']);
/** What Prometheus itself adds. */
const added = { metrics: ['up'], labels: ['job', 'instance', 'le'] };

/** The series a PromQL expression reads, and the labels it names. */
function partsOf(expr: string) {
  const bare = expr.replace(/"[^"]*"/g, '""').replace(/\[[^\]]*\]/g, '');
  const labels = [...bare.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)|\{([^}]*)\}/g)].flatMap((match) => [
    ...(match[1] ?? match[2]!).matchAll(/[a-z_]\w*/gi),
  ]);
  const rest = bare.replace(/\b(?:by|without|on|ignoring)\s*\([^)]*\)|\{[^}]*\}/g, ' ');
  const names = [...rest.matchAll(/(?<![\w.])[a-z_]\w*(?!\w|\s*\()/gi)].map(([name]) => name);
  return { series: names.filter((name) => !words.has(name)), labels: labels.map(([label]) => label) };
}

/** The metric that writes a series: a histogram writes three. */
const metricOf = (series: string) => [series, series.replace(/_(bucket|sum|count)$/, '')].find((name) => metricNames.includes(name));
const labelsOf = (metric: string) => (register.getSingleMetric(metric) as { labelNames?: string[] } | undefined)?.labelNames ?? [];

function faultsOf(expr: string): string[] {
  const { series, labels } = partsOf(expr);
  if (series.length === 0) return ['it reads no metric'];
  const undeclared = series.filter((name) => !metricOf(name) && !added.metrics.includes(name));
  const known = [...added.labels, ...series.flatMap((name) => labelsOf(metricOf(name) ?? ''))];
  return [
    ...undeclared.map((name) => `${name} is not declared in libs/service/metrics.ts`),
    ...labels.filter((label) => !known.includes(label)).map((label) => `${label} is no label of ${series.join(', ')}`),
  ];
}

describe('The dashboard', () => {
  it.each(dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr }))))(
    'reads metrics that are declared: $title, $expr',
    ({ expr }) => {
      expect(faultsOf(expr)).toEqual([]);
    },
  );

  it('shows every metric of our own', () => {
    const shown = dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => partsOf(expr).series.map(metricOf)));
    const ours = metricNames.filter((name) => !/^(nodejs|process)_/.test(name));
    expect(ours.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('lays no panel over another', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w } }) => Array.from({ length: w }, (_, i) => `${x + i}/${y}`));
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('The alarms', () => {
  it.each(alerts)('read metrics that are declared: $alert', ({ expr }) => {
    expect(faultsOf(expr)).toEqual([]);
  });

  it('say how bad it is and what it is about, and stand in the README', () => {
    const readme = read('README.md');
    for (const { alert, labels, annotations } of alerts) {
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/\{\{ \$(value|labels)/);
      expect(readme).toContain(`\`${alert}\``);
    }
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });
});

describe('An expression is told', () => {
  it.each([
    ['a metric is misspelt', 'max by (group) (lane_age)', 'lane_age is not declared'],
    ['a label is misspelt', 'max by (groups) (lane_age_seconds)', 'groups is no label of lane_age_seconds'],
    ['a label belongs to another metric', 'jobs{state="failed", topic="x"} > 0', 'topic is no label of jobs'],
    ['it reads nothing', 'vector(1)', 'it reads no metric'],
    [
      'one side of it is undeclared',
      'rate(http_request_seconds_count[5m]) / rate(http_requests_total[5m])',
      'http_requests_total is not declared',
    ],
  ])('when %s', (_, expr, said) => {
    expect(faultsOf(expr).join('\n')).toContain(said);
  });
});
