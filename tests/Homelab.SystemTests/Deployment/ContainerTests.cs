using System.Diagnostics;
using System.Text.Json;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Deployment;

/// <summary>The program in a container that may as little as <c>deploy/compose.yaml</c> lets it: what it needs to write must be where that says.</summary>
[Collection(MachinesInDocker.Name)]
public sealed class ContainerTests(MachineDockerd dockerd)
{
    // The account without rights of Microsoft's images.
    private const string Account = "1654";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_without_rights_on_a_file_system_that_cannot_be_written()
    {
        await DebianImage.RequireAsync(dockerd);
        var folder = Directory.CreateTempSubdirectory("hl-container-");
        try
        {
            await WriteAsync(folder, "homelab.yaml", """
                apiVersion: homelab/v1
                kind: Lab
                metadata: { name: home }
                hooks: { uptime-alert: { token: "file:/run/secrets/hook-token" } }
                server: { listen: "0.0.0.0:18789" }
                """);
            await WriteAsync(folder, "hook-token", "0123456789abcdef0123456789abcdef\n");
            var id = await dockerd.RunAsync([
                "run", "--detach", "--network", "none", "--read-only", "--tmpfs", "/tmp:size=64m,mode=1777,noexec,nosuid,nodev", "--cap-drop", "ALL",
                "--security-opt", "no-new-privileges:true", "--pids-limit", "256", "--user", Account, "--stop-signal", "SIGTERM",
                // In place of the volume, which would take its owner from the image.
                "--tmpfs", $"/var/lib/homelab:uid={Account},gid={Account},mode=0700", "--env", "HOMELAB_STATE=/var/lib/homelab/homelab.db",
                "--env", "HOME=/var/lib/homelab", "--env", "DOTNET_EnableDiagnostics=0",
                "--volume", $"{SystemdMachine.Dotnet}:/usr/share/dotnet:ro", "--volume", $"{SystemdMachine.Program}:/opt/homelab:ro",
                "--volume", $"{folder.FullName}/homelab.yaml:/etc/homelab/homelab.yaml:ro", "--volume", $"{folder.FullName}/hook-token:/run/secrets/hook-token:ro",
                "--health-cmd", "/opt/homelab/homelab health", "--health-interval", "1s", "--health-timeout", "10s",
                DebianImage.Name, "/opt/homelab/homelab", "serve", "--lab", "/etc/homelab/homelab.yaml",
            ]);
            try
            {
                await Eventually.HoldsAsync("the engine calls it healthy", async () => await dockerd.RunAsync("inspect", "--format", "{{.State.Health.Status}}", id) == "healthy", Cancellation);
                using var health = JsonDocument.Parse(await dockerd.RunAsync("exec", id, "/opt/homelab/homelab", "health"));
                Assert.Equal("home", health.RootElement.GetProperty("lab").GetString());
                Assert.Equal("600 1654", await dockerd.RunAsync("exec", id, "stat", "-c", "%a %u", "/var/lib/homelab/homelab.db"));
                Assert.Equal("CapEff:\t0000000000000000", await dockerd.RunAsync("exec", id, "grep", "CapEff", "/proc/1/status"));
                var log = (await dockerd.RunAsync("logs", id)).Split('\n');
                Assert.Contains("\"event\":\"ready\"", Assert.Single(log), StringComparison.Ordinal);

                var stopping = Stopwatch.GetTimestamp();
                await dockerd.RunAsync("stop", "--time", "120", id);
                Assert.InRange(Stopwatch.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromMinutes(1));
                Assert.Equal("0", await dockerd.RunAsync("inspect", "--format", "{{.State.ExitCode}}", id));
            }
            finally
            {
                await dockerd.RunAsync("rm", "--force", id);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteAsync(DirectoryInfo folder, string name, string text)
    {
        var file = Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(file, text, Cancellation);
        // The account of the container is another one than ours.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
