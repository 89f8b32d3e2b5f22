using System.Net;
using System.Net.Sockets;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.RealParts;

/// <summary>Scenario 2 on real parts: a real name server in a real container dies, and everything that must resolve a name fails with it.</summary>
[Collection(MachinesInDocker.Name)]
public sealed class DnsOutageTests(MachineDockerd dockerd)
{
    private static readonly string[] s_services = ["gitea", "litellm", "ragflow", "homepage", "wiki", "n8n", "open-webui", "code-server"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_name_server_alone_is_restarted_and_eight_services_come_back_by_themselves()
    {
        dockerd.Require();
        Peer.Require("dnsmasq", File.Exists("/usr/sbin/dnsmasq") ? null : "dnsmasq is not installed: apt-get install dnsmasq-base");
        var port = FreePort.Find();
        var name = $"adguard{Guid.NewGuid():N}"[..14];
        await ScenarioStage.RunHostProgramAsync(
            dockerd, name, $"exec /usr/sbin/dnsmasq -C /dev/null -k --port={port} --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts --pid-file= --user=root --host-record=home.test,127.0.0.1");
        await using var services = await NeedyServices.StartAsync(port, s_services);
        await Eventually.HoldsAsync("the services find their names", () => services.AllWellAsync(), Cancellation);
        await using var stage = await ScenarioStage.OpenAsync(Directory.CreateTempSubdirectory("hl-dns-"), $$"""
            hosts: { infra: { docker: "{{dockerd.Endpoint}}" } }
            services:
              dns: { container: {{name}}@infra, tier: critical, provides: dns, check: { dns: { server: "127.0.0.1:{{port}}", name: home.test, answer: 127.0.0.1 }, timeout: 20s } }
            {{string.Join('\n', s_services.Select(s => $"  {s}: {{ tier: critical, dependsOn: [dns], check: {{ http: \"{services.AddressOf(s)}\", timeout: 1m }} }}"))}}
            """);

        await dockerd.RunAsync("kill", name);
        await Task.WhenAll(s_services.Select(stage.PostDownAsync));
        await stage.ClosedAsync(incidents: 9);

        var change = Assert.Single(await stage.ChangesAsync());
        Assert.Equal(("docker_restart_container", $"container:{name}@infra"), (change.Operation, change.Target));
        var incidents = await stage.Runtime.Store.ListIncidentsAsync(100, Cancellation);
        Assert.All(incidents, i => Assert.Equal((i.Service, IncidentStatus.Recovered), (i.Service, i.Status)));
        // Nobody has reported the name server itself: it was found by looking, and its runbook ran. The others only waited.
        Assert.Equal("dns-outage", Assert.Single(incidents, i => i.Service == "dns").Runbook);
        Assert.True(await services.AllWellAsync());
        var told = Assert.Single(stage.Telegram.Messages).Text;
        Assert.Contains("Auto-Recovery: dns", told, StringComparison.Ordinal);
        Assert.All(s_services, s => Assert.Contains(s, told, StringComparison.Ordinal));
    }

    /// <summary>Web services that resolve a name at the name server for every answer, and answer 503 when they cannot.</summary>
    private sealed class NeedyServices : IAsyncDisposable
    {
        private readonly Dictionary<string, HttpListener> _listeners = new(StringComparer.Ordinal);
        private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(3) };
        private readonly List<Task> _loops = [];

        internal static async Task<NeedyServices> StartAsync(int dnsPort, IEnumerable<string> names)
        {
            await Task.Yield();
            var services = new NeedyServices();
            foreach (var name in names)
            {
                var listener = new HttpListener();
                listener.Prefixes.Add($"http://127.0.0.1:{FreePort.Find()}/");
                listener.Start();
                services._listeners[name] = listener;
                services._loops.Add(Task.Run(() => AnswerAsync(listener, dnsPort)));
            }

            return services;
        }

        internal string AddressOf(string name) => _listeners[name].Prefixes.First();

        internal async Task<bool> AllWellAsync()
        {
            foreach (var name in _listeners.Keys)
            {
                using var response = await _http.GetAsync(new Uri(AddressOf(name)), Cancellation);
                if (response.StatusCode != HttpStatusCode.OK) return false;
            }

            return true;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var listener in _listeners.Values) listener.Close();
            await Task.WhenAll(_loops);
            _http.Dispose();
        }

        private static async Task AnswerAsync(HttpListener listener, int dnsPort)
        {
            while (true)
            {
                HttpListenerContext context;
                try
                {
                    context = await listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
                {
                    // Closed: the test is over.
                    return;
                }

                context.Response.StatusCode = await ResolvesAsync(dnsPort) ? 200 : 503;
                context.Response.Close();
            }
        }

        // RFC 1035: one question for home.test, type A.
        private static async Task<bool> ResolvesAsync(int dnsPort)
        {
            byte[] question = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, .. "home"u8, 4, .. "test"u8, 0, 0, 1, 0, 1];
            using var udp = new UdpClient();
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                udp.Connect(IPAddress.Loopback, dnsPort);
                await udp.SendAsync(question, deadline.Token);
                var answer = await udp.ReceiveAsync(deadline.Token);
                return (answer.Buffer[3] & 15) == 0 && answer.Buffer[7] > 0;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                return false;
            }
        }
    }
}
