using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.RealParts;

/// <summary>Scenario 4 on real parts: nginx in a real container shows a certificate that ends in five days; its renewal by ACME (certbot, Pebble) happens when it starts.</summary>
[Collection(MachinesInDocker.Name)]
public sealed class CertificateTests(MachineDockerd dockerd)
{
    // The ACME client of certbot as a library: the program itself refuses names without a dot, such as localhost.
    private const string Renewal = """
        import sys, josepy
        from acme import challenges, client, crypto_util, messages
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
        directory, authority, certificate, key = sys.argv[1:]
        account = josepy.JWKRSA(key=rsa.generate_private_key(65537, 2048))
        net = client.ClientNetwork(account, verify_ssl=authority)
        acme = client.ClientV2(client.ClientV2.get_directory(directory, net), net)
        acme.new_account(messages.NewRegistration.from_data(email="admin@example.com", terms_of_service_agreed=True))
        pem = rsa.generate_private_key(65537, 2048).private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        order = acme.new_order(crypto_util.make_csr(pem, ["localhost"]))
        for authorization in order.authorizations:
            challenge = next(c for c in authorization.body.challenges if isinstance(c.chall, challenges.HTTP01))
            acme.answer_challenge(challenge, challenge.response(account))
        open(certificate, "w").write(acme.poll_and_finalize(order).fullchain_pem)
        open(key, "wb").write(pem)
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_proxy_is_restarted_only_after_a_persons_yes_and_the_new_certificate_is_proved_by_its_end()
    {
        RequireParts();
        var folder = Directory.CreateTempSubdirectory("hl-acme-");
        await using var pebble = await Pebble.StartAsync(folder);
        var port = FreePort.Find();
        var name = await RunProxyAsync(folder, pebble, port, renews: true);
        // A renewal is Python, an authority that is asked and asked again, and a start: on a busy machine more than half a minute.
        await using var stage = await OpenAsync(folder, name, port, TimeSpan.FromMinutes(5));
        var before = await ShownAsync(folder, port);
        Assert.InRange(before.NotAfter - DateTime.Now, TimeSpan.FromDays(4), TimeSpan.FromDays(6));

        await stage.PostCertificateAsync("proxy", $"https://localhost:{port}/", 5);
        var question = await QuestionAsync(stage);
        Assert.Contains($"Restart container {name}@edge", question.Question, StringComparison.Ordinal);
        Assert.Equal(before.GetCertHashString(), (await ShownAsync(folder, port)).GetCertHashString());
        await stage.Runtime.Approvals.ApproveAsync(question.Id, "cli:anna", null, Cancellation);
        await stage.ClosedAsync();

        var incident = Assert.Single(await stage.Runtime.Store.ListIncidentsAsync(10, Cancellation));
        Assert.Equal((IncidentStatus.Recovered, "certificate-expiry"), (incident.Status, incident.Runbook));
        Assert.Equal("docker_restart_container", Assert.Single(await stage.ChangesAsync()).Operation);
        var after = await ShownAsync(folder, port);
        Assert.StartsWith("CN=Pebble", after.Issuer, StringComparison.Ordinal);
        Assert.True(after.NotAfter - DateTime.Now > TimeSpan.FromDays(21));
    }

    [Fact]
    public async Task A_renewal_that_fails_again_is_told_with_the_proxys_own_words_and_nothing_is_tried_twice()
    {
        RequireParts();
        var folder = Directory.CreateTempSubdirectory("hl-acme-");
        await using var pebble = await Pebble.StartAsync(folder);
        var port = FreePort.Find();
        var name = await RunProxyAsync(folder, pebble, port, renews: false);
        // It will not be well, however long it is looked.
        await using var stage = await OpenAsync(folder, name, port, TimeSpan.FromSeconds(5));
        var before = await ShownAsync(folder, port);

        await stage.PostCertificateAsync("proxy", $"https://localhost:{port}/", 5);
        await stage.Runtime.Approvals.ApproveAsync((await QuestionAsync(stage)).Id, "cli:anna", null, Cancellation);
        await stage.ClosedAsync();

        var incident = Assert.Single(await stage.Runtime.Store.ListIncidentsAsync(10, Cancellation));
        Assert.Equal(IncidentStatus.Escalated, incident.Status);
        Assert.Single(await stage.ChangesAsync());
        Assert.Equal(before.GetCertHashString(), (await ShownAsync(folder, port)).GetCertHashString());
        Assert.Contains(stage.Telegram.Messages, m => m.Text.Contains("acme: the DNS provider refused", StringComparison.Ordinal));
    }

    private static async Task<Approval> QuestionAsync(ScenarioStage stage)
    {
        await Eventually.HoldsAsync("a person is asked", async () => (await stage.Runtime.Approvals.ListPendingAsync(Cancellation)).Count > 0, Cancellation, TimeSpan.FromMinutes(5));
        return Assert.Single(await stage.Runtime.Approvals.ListPendingAsync(Cancellation));
    }

    private Task<ScenarioStage> OpenAsync(DirectoryInfo folder, string name, int port, TimeSpan? patience = null) => ScenarioStage.OpenAsync(folder, $$"""
        hosts: { edge: { docker: "{{dockerd.Endpoint}}" } }
        services:
          proxy: { container: {{name}}@edge, tier: critical, provides: proxy, check: { tls: "localhost:{{port}}", trust: { ca: "{{folder.FullName}}/trusted.pem" } } }
        """, patience);

    /// <summary>What a start of the proxy does: renew when less than 30 days are left, then serve. Without a renewal it says what went wrong and serves the old one.</summary>
    private async Task<string> RunProxyAsync(DirectoryInfo folder, Pebble pebble, int port, bool renews)
    {
        var root = folder.FullName;
        WriteOld(Path.Combine(root, "cert.pem"), Path.Combine(root, "key.pem"));
        // What is shown now is as good as what Pebble makes: the check must not fail for another reason than the end of the certificate.
        await File.WriteAllTextAsync(Path.Combine(root, "trusted.pem"), await File.ReadAllTextAsync(Path.Combine(root, "cert.pem"), Cancellation) + '\n' + await pebble.ReadRootAsync(), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(root, "nginx.conf"), $$"""
            daemon off; pid {{root}}/nginx.pid; error_log stderr; worker_processes 1;
            events { worker_connections 64; }
            http { access_log off; client_body_temp_path {{root}}/t1; proxy_temp_path {{root}}/t2; fastcgi_temp_path {{root}}/t3; uwsgi_temp_path {{root}}/t4; scgi_temp_path {{root}}/t5;
              server { listen 127.0.0.1:{{port}} ssl; server_name localhost; ssl_certificate {{root}}/cert.pem; ssl_certificate_key {{root}}/key.pem; location / { return 200 "ok"; } } }
            """, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(root, "renew.py"), Renewal, Cancellation);
        // The first start is the one of long ago, when nothing had to be renewed.
        var renew = renews
            ? $"if [ -e {root}/started ]; then python3 {root}/renew.py {pebble.Directory} {pebble.Authority} {root}/cert.pem {root}/key.pem; fi"
            : "echo 'acme: the DNS provider refused the token'";
        var script = $"{renew}; touch {root}/started; exec nginx -c {root}/nginx.conf";
        var name = $"proxy{Guid.NewGuid():N}"[..12];
        await ScenarioStage.RunHostProgramAsync(dockerd, name, script, folder);
        await Eventually.HoldsAsync("the proxy serves", () => IsServedAsync(folder, port), Cancellation, TimeSpan.FromMinutes(5));
        return name;
    }

    private void RequireParts()
    {
        dockerd.Require();
        foreach (var program in (string[])["/usr/bin/pebble", "/usr/bin/certbot", "/usr/sbin/nginx"])
        {
            Peer.Require(Path.GetFileName(program), File.Exists(program) ? null : $"{Path.GetFileName(program)} is not installed: apt-get install {(program.EndsWith("nginx", StringComparison.Ordinal) ? "nginx-light" : Path.GetFileName(program))}");
        }
    }

    private static void WriteOld(string certificate, string key)
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-85), DateTimeOffset.UtcNow.AddDays(5));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(key, rsa.ExportPkcs8PrivateKeyPem());
    }

    private static async Task<bool> IsServedAsync(DirectoryInfo folder, int port)
    {
        try
        {
            await ShownAsync(folder, port);
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>The certificate that is shown for localhost; it must lead to one that the test trusts.</summary>
    private static async Task<X509Certificate2> ShownAsync(DirectoryInfo folder, int port)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = Trusting(Path.Combine(folder.FullName, "trusted.pem")) }, Cancellation);
        return new X509Certificate2(tls.RemoteCertificate!);
    }

    private static X509ChainPolicy Trusting(string pem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(pem);
        return policy;
    }

    /// <summary>A real certificate authority that speaks ACME, on loopback, and takes every challenge for answered.</summary>
    private sealed class Pebble : IAsyncDisposable
    {
        private readonly Process _process;

        private readonly int _management;

        private Pebble(Process process, string authority, Uri directory, int management) => (_process, Authority, Directory, _management) = (process, authority, directory, management);

        internal string Authority { get; }

        internal Uri Directory { get; }

        internal static async Task<Pebble> StartAsync(DirectoryInfo folder)
        {
            var (port, management) = (FreePort.Find(), FreePort.Find());
            var (certificate, key) = (Path.Combine(folder.FullName, "ca.pem"), Path.Combine(folder.FullName, "ca-key.pem"));
            WriteOld(certificate, key);
            var config = Path.Combine(folder.FullName, "pebble.json");
            await File.WriteAllTextAsync(config, $$"""
                { "pebble": { "listenAddress": "127.0.0.1:{{port}}", "managementListenAddress": "127.0.0.1:{{management}}", "certificate": "{{certificate}}", "privateKey": "{{key}}",
                  "httpPort": 5002, "tlsPort": 5001, "ocspResponderURL": "", "externalAccountBindingRequired": false, "certificateValidityPeriod": 7776000 } }
                """, Cancellation);
            var start = new ProcessStartInfo("/usr/bin/pebble") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-config");
            start.ArgumentList.Add(config);
            start.Environment["PEBBLE_VA_ALWAYS_VALID"] = "1";
            start.Environment["PEBBLE_VA_NOSLEEP"] = "1";
            var process = Process.Start(start)!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var pebble = new Pebble(process, certificate, new Uri($"https://localhost:{port}/dir"), management);
            await Eventually.HoldsAsync("pebble listens", () => ListensAsync(certificate, port, process), Cancellation, TimeSpan.FromMinutes(5));
            return pebble;
        }

        /// <summary>The root of what it issues, made anew at each start.</summary>
        internal async Task<string> ReadRootAsync()
        {
            using var http = Client(Authority);
            return await http.GetStringAsync(new Uri($"https://localhost:{_management}/roots/0"), Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited) _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        private static HttpClient Client(string authority) =>
            new(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(authority) } });

        private static async Task<bool> ListensAsync(string authority, int port, Process process)
        {
            if (process.HasExited) throw new InvalidOperationException($"pebble ended with {process.ExitCode}.");
            using var http = Client(authority);
            try
            {
                using var response = await http.GetAsync(new Uri($"https://localhost:{port}/dir"), Cancellation);
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }
}
