import { describe, expect, test } from 'vitest';
import { Secret } from '#shared/control/secret.ts';
import { password, privateKey, token } from '../../test/fixtures/secrets.ts';
import { compressed, encoded, multipart } from '../../test/support/launch/user-data.ts';
import { sayPlaces, secretsInUserData } from './user-data-secrets.ts';

const judge = (base64: string) => secretsInUserData(new Secret(base64));
const bash = (...lines: readonly string[]) => ['#!/bin/bash', ...lines, ''].join('\n');
/** A certificate as PEM within base64, as clusters give theirs. */
const ca = encoded(`-----BEGIN CERTIFICATE-----\nMIIC${'yDCCAbCgAwIBAgIBADANBgkqhkiG9w0BAQsFADAV'.repeat(8)}\n-----END CERTIFICATE-----\n`);
const sha256 = '3c7d1e9a5b2f8046c1e7a3d9b5f20864e1c7a3d9b5f20864e1c7a3d9b5f20864';
const sshKey = `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC0kvQ7WkUo473lTeUCw3Et8d7HURwRUCrGQtpPvFwJOx6GQqOGgTmN92O9v6UGCFrRpg6FxUm1kz85D7eQ6qej0bMp dana@shop`;

describe('finds', () => {
  test.each([
    ['a password in a variable', bash(`export DB_PASSWORD=${password}`), ['assignment in line 2']],
    [
      'a token in the address of a repository',
      bash('set -e', `git clone https://x:${token}@github.com/shop/app`),
      ['github-token in line 3', 'url-credentials in line 3'],
    ],
    ['a password that is piped', bash(`echo "ec2-user:${password}" | chpasswd`), ['command-option in line 2']],
    ['a random value beside a name that says little', bash('export SEED="q8Zr3VxT0mJ7cYw5NpKd2LhB9sGfA4eU"'), ['high-entropy in line 2']],
    ['a key in several lines', bash(`cat > /root/.ssh/id <<EOF\n${privateKey}EOF`), ['private-key in line 3', 'private-key in line 4']],
    ['a password on a page of Windows', `<powershell>\nnet user admin ${password}\n</powershell>\n`, ['command-option in line 2']],
    ['a password of cloud-init', `#cloud-config\nchpasswd:\n  expire: false\npassword: ${password}\n`, ['assignment in line 4']],
  ])('%s', (_what, text, places) => expect(judge(encoded(text)).places).toEqual(places));

  const script = bash(`TOKEN=${token}`);
  test.each([
    ['compressed', compressed(script), ' in line 2'],
    ['encoded twice', encoded(encoded(script)), ' in line 2'],
    [
      'in a part',
      encoded(
        multipart({ type: 'text/cloud-config', body: '#cloud-config' }, { type: 'text/x-shellscript', body: script, isEncoded: true }),
      ),
      ' in line 2 of part 2',
    ],
    [
      'in a file that cloud-init writes',
      encoded(`#cloud-config\nwrite_files:\n- encoding: gz+b64\n  content: ${compressed(script)}`),
      ' in line 2 of compressed file 1',
    ],
    ['in a file of Ignition', encoded(`{"source":"data:,TOKEN%3D${token}%0A"}`), ' in line 1'],
  ])('a token %s', (_what, base64, where) => {
    const { places, kinds, isWhole } = judge(base64);
    expect([places[0], kinds.includes('github-token'), isWhole]).toEqual([`github-token${where}`, true, true]);
  });
});

describe('leaves alone', () => {
  test.each([
    [
      'nccgroup/ScoutSuite#1028: a secret that is read from its store',
      bash('DB=$(aws secretsmanager get-secret-value --secret-id $SECRET_ID --region $AWS_REGION | jq -r .SecretString)'),
    ],
    [
      'nccgroup/ScoutSuite#1417: a long path',
      '<powershell>\n$WebClient.DownloadFile("https://inspector-agent.amazonaws.com/windows/installer/latest/AWSAgentInstall.exe","C:\\temp\\AWSAgentInstall.exe")\n</powershell>',
    ],
    ['bridgecrewio/checkov#7309: a script that does nothing', '#!/bin/bash'],
    [
      'prowler-cloud/prowler#1169: the signer of a URL',
      bash(
        'curl -o app.tgz "https://shop.s3.amazonaws.com/app.tgz?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20220530%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Expires=900"',
      ),
    ],
    [
      'awslabs/amazon-eks-ami, AL2: a node with the certificate of its cluster',
      bash(
        `B64_CLUSTER_CA=${ca}`,
        'API_SERVER_URL=https://8BCC4AF6E74FFBAEDA5F0675CCD92C4F.gr7.eu-west-1.eks.amazonaws.com',
        '/etc/eks/bootstrap.sh shop --b64-cluster-ca $B64_CLUSTER_CA --apiserver-endpoint $API_SERVER_URL --dns-cluster-ip 10.100.0.10 --kubelet-extra-args "--node-labels=eks.amazonaws.com/nodegroup-image=ami-0123456789abcdef0"',
      ),
    ],
    [
      'awslabs/amazon-eks-ami, AL2023: the configuration of a node',
      multipart({
        type: 'application/node.eks.aws',
        body: `apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  cluster:\n    name: shop\n    apiServerEndpoint: https://8BCC4AF6E74FFBAEDA5F0675CCD92C4F.gr7.eu-west-1.eks.amazonaws.com\n    certificateAuthority: ${ca}\n    cidr: 10.100.0.0/16`,
      }),
    ],
    [
      'bottlerocket-os/bottlerocket: settings in TOML',
      `[settings.kubernetes]\ncluster-name = "shop"\ncluster-certificate = "${ca}"\napi-server = "https://8BCC4AF6E74FFBAEDA5F0675CCD92C4F.gr7.eu-west-1.eks.amazonaws.com"\n`,
    ],
    [
      'aws/amazon-ecs-agent: a container instance',
      bash(
        "cat <<'EOF' >> /etc/ecs/ecs.config",
        'ECS_CLUSTER=shop',
        'ECS_ENABLE_TASK_IAM_ROLE=true',
        'ECS_ENGINE_AUTH_TYPE=docker',
        'ECS_AVAILABLE_LOGGING_DRIVERS=["json-file","awslogs"]',
        'EOF',
      ),
    ],
    [
      'kubernetes/kops: a node with the digest of its program',
      bash(
        'NODEUP_URL_AMD64=https://artifacts.k8s.io/binaries/kops/1.30.0/linux/amd64/nodeup',
        `NODEUP_HASH_AMD64=${sha256}`,
        'export AWS_REGION=eu-west-1',
        `ClusterName: shop.example.com\nNodeupConfigHash: ${encoded('p8Jx')}v0Zk3nQ7rT5yW1bD6mH2sL9fA4cE8gU0=`,
      ),
    ],
    [
      'hashicorp/packer: WinRM for a build',
      '<powershell>\nwinrm quickconfig -q\nwinrm set winrm/config/service/auth \'@{Basic="true"}\'\nnetsh advfirewall firewall add rule name="WinRM 5986" protocol=TCP dir=in localport=5986 action=allow\n</powershell>',
    ],
    [
      'canonical/cloud-init: users with public keys and a locked password',
      `#cloud-config\nusers:\n- name: dana\n  lock_passwd: true\n  ssh_authorized_keys:\n  - ${sshKey}\napt:\n  sources:\n    docker:\n      keyid: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88\n  http_proxy: http://[[user][:pass]@]host[:port]/\n`,
    ],
    [
      'aws/aws-parallelcluster: a token of the metadata service',
      bash(
        'TOKEN=$(curl -s -X PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600")',
        'curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/',
      ),
    ],
    [
      'a registry that is entered with a token of the role',
      bash(
        'aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-west-1.amazonaws.com',
      ),
    ],
    [
      'secrets that are read from Parameter Store',
      bash(
        'export API_KEY=$(aws ssm get-parameter --name /shop/prod/API_KEY --with-decryption --query Parameter.Value --output text)',
        'DB_PASSWORD="$DB"',
        'export SECRET_ARN=arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-db-Ab12Cd',
      ),
    ],
    [
      'aws-cloudformation: helpers of a stack',
      bash(
        '/opt/aws/bin/cfn-init -v --stack shop --resource LaunchTemplate --configsets full --region eu-west-1',
        '/opt/aws/bin/cfn-signal -e $? --stack shop --resource AutoScalingGroup --region eu-west-1',
      ),
    ],
    [
      'digests, versions and ids',
      bash(
        `echo "${sha256}  app.tgz" | sha256sum -c`,
        'git checkout 66af10ecdf4bedebc3d31256f5d3bb3ac8ab5f3a',
        'export BUILD_ID=a1b2c3d4e5f6a7b8c9d0e1f2',
        'VPC_ID=vpc-0123456789abcdef0',
      ),
    ],
  ])('%s', (_what, text) => {
    expect(judge(encoded(text))).toEqual({ places: [], kinds: [], isWhole: true });
    expect(judge(compressed(text)).places).toEqual([]);
  });

  test('an instance without user data', () => expect(secretsInUserData(undefined).kinds).toEqual([]));
});

test('many places are counted, and none holds what was found', () => {
  const found = judge(encoded(bash(...Array.from({ length: 9 }, (_, n) => `export DB_PASSWORD_${n}=${password}${n}`))));
  expect(sayPlaces(found)).toBe(
    'assignment in line 2, assignment in line 3, assignment in line 4, assignment in line 5, assignment in line 6, 4 more',
  );
  expect(JSON.stringify(found)).not.toContain(password);
});

test('user data of 16 KB is judged in a moment, and the same is judged once', () => {
  const text = bash(
    ...Array.from({ length: 300 }, (_, n) => `echo "step ${n} of the installation" >> /var/log/user-data.log`),
    `TOKEN=${token}`,
  );
  const [first, again] = [judge(encoded(text)), judge(encoded(text))];
  expect(again).toBe(first);
  expect(first.places[0]).toBe('github-token in line 302');
});

test('what was found is forgotten in time', () => {
  const first = judge(encoded('first'));
  for (let n = 0; n < 300; n++) judge(encoded(`#!/bin/sh ${n}`));
  expect(judge(encoded('first'))).not.toBe(first);
});
