// Owns the proof of what is asked of Route 53, CloudWatch and CodeDeploy for `status --target aws`, and what is read from their answers.
// Leaves to AWS whether it answers so: the answers here are those of its API reference.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Target } from '../../cli/target.ts';
import { VantageInAws } from '../../cli/vantage/in-aws.ts';

const asked: string[] = [];
let answer: { readonly type: string; readonly body: string };
let server: Server;
let vantage: VantageInAws;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': answer.type }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const names = { hostname: 'billing.example.com', hostedZoneId: 'Z0123456789EXAMPLE' };
  const target: Target = {
    kind: 'aws',
    jurisdiction: 'us',
    regions: ['us-east-1', 'us-west-2'],
    names,
    ledgerTable: 'ledger',
    archiveBucket: async () => 'archive',
    clientSettings: (_service, region) => ({
      region,
      endpoint,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    }),
  };
  vantage = new VantageInAws(target, names, async (hostname) => {
    asked.push(hostname);
    return ['192.0.2.7'];
  });
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

const dnsAnswer = (data: string): typeof answer => ({
  type: 'text/xml',
  body: `<?xml version="1.0"?>
<TestDNSAnswerResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">
  <Nameserver>ns-1.awsdns-01.net</Nameserver><RecordName>billing.example.com</RecordName><RecordType>CNAME</RecordType>
  <RecordData>${data}</RecordData><ResponseCode>NOERROR</ResponseCode><Protocol>UDP</Protocol>
</TestDNSAnswerResponse>`,
});

test('Route 53 is asked as by a resolver that stands where the Region’s own API is, and its answer names a Region', async () => {
  answer = dnsAnswer('<RecordDataEntry>d-abc123.execute-api.us-west-2.amazonaws.com.</RecordDataEntry>');
  expect(await vantage.answerNear('us-east-1')).toBe('us-west-2');
  const [hostname, url = ''] = asked;
  expect(hostname).toBe('us-east-1.billing.example.com');
  expect(url).toMatch(/^\/2013-04-01\/testdnsanswer\?/);
  expect(Object.fromEntries(new URLSearchParams(url.split('?')[1]))).toEqual({
    hostedzoneid: 'Z0123456789EXAMPLE',
    recordname: 'billing.example.com',
    recordtype: 'CNAME',
    resolverip: '192.0.2.7',
  });
});

test('an answer without a name of API Gateway leads to no Region', async () => {
  answer = dnsAnswer('');
  expect(await vantage.answerNear('us-east-1')).toBeUndefined();
});

test('of CodeDeploy’s last deployments, those under way', async () => {
  const group = (deploymentGroupName: string, status: string) => ({
    deploymentGroupName,
    lastAttemptedDeployment: { status, createTime: 1_790_000_000 },
  });
  const groups = [group('payments', 'InProgress'), group('lookup', 'Succeeded'), group('health', 'Failed')];
  answer = { type: 'application/x-amz-json-1.1', body: JSON.stringify({ deploymentGroupsInfo: groups }) };
  expect(await vantage.deployments('us-east-1')).toEqual([
    { slug: 'payments', status: 'InProgress', startedAtMs: 1_790_000_000_000 },
  ]);
});
