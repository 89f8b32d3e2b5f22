using System.Diagnostics;
using System.Text.Json;
using Homelab.Composition.Deployment;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Deployment;

/// <summary>The unit under a real systemd: hardened as it is, the program must still do its work.</summary>
[Collection(MachinesInDocker.Name)]
public sealed class ServiceTests(MachineDockerd dockerd)
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private const string Lab = """
        apiVersion: homelab/v1
        kind: Lab
        metadata: { name: home }
        hosts: { here: { address: 192.0.2.7 } }
        hooks: { uptime-alert: { token: "env:HOOK_TOKEN" } }

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_starts_answers_keeps_its_state_to_itself_and_stops_when_told()
    {
        await using var machine = await SystemdMachine.BootAsync(dockerd);
        await machine.WriteAsync("/etc/homelab/homelab.yaml", Lab);
        // Its variables are for systemd to read: the account itself must not need to.
        await machine.WriteAsync("/etc/homelab/homelab.env", $"HOOK_TOKEN={Secret}\n", "0600");
        await machine.InstallAsync(new ServiceUnit());

        await machine.RunAsync("systemctl", "start", ServiceUnit.Name);
        await machine.ReadyAsync();
        Assert.Equal("active", await machine.RunAsync("systemctl", "is-active", ServiceUnit.Name));
        Assert.Equal("homelab", await machine.ShellAsync("stat -c %U /proc/$(systemctl show --value -p MainPID homelab)"));
        using var health = JsonDocument.Parse(await machine.RunAsync("/opt/homelab/homelab", "health"));
        Assert.Equal(("ok", "home"), (health.RootElement.GetProperty("status").GetString(), health.RootElement.GetProperty("lab").GetString()));
        var ready = (await machine.JournalAsync()).Single(static l => l.StartsWith('{'));
        Assert.Equal("lab 'home' on http://127.0.0.1:18789/", JsonDocument.Parse(ready).RootElement.GetProperty("text").GetString());
        Assert.Equal("700 homelab", await machine.ShellAsync("stat -c '%a %U' /var/lib/homelab"));
        Assert.Equal("600 homelab", await machine.ShellAsync("stat -c '%a %U' /var/lib/homelab/homelab.db"));
        Assert.Equal("homelab.env\nhomelab.yaml", await machine.ShellAsync("ls -A /etc/homelab"));
        // Root reads the record beside it.
        Assert.StartsWith("intact: ", await machine.ShellAsync("HOMELAB_STATE=/var/lib/homelab/homelab.db /opt/homelab/homelab audit verify --lab /etc/homelab/homelab.yaml"), StringComparison.Ordinal);

        var stopping = Stopwatch.GetTimestamp();
        await machine.RunAsync("systemctl", "stop", ServiceUnit.Name);
        // What does not stop by itself is killed after one and a half minutes.
        Assert.InRange(Stopwatch.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(("inactive", "success", "0"), (await machine.PropertyAsync("ActiveState"), await machine.PropertyAsync("Result"), await machine.PropertyAsync("ExecMainStatus")));
        await machine.PrintedAsync("\"event\":\"stopping\"");
        Assert.DoesNotContain(await machine.JournalAsync(), static l => l.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lab_file_with_a_mistake_fails_once_and_is_not_tried_again()
    {
        await using var machine = await SystemdMachine.BootAsync(dockerd);
        await machine.WriteAsync("/etc/homelab/homelab.yaml", Lab.Replace("metadata", "metadota", StringComparison.Ordinal));
        await machine.InstallAsync(new ServiceUnit());

        await machine.RunAsync("systemctl", "start", ServiceUnit.Name);
        await Eventually.HoldsAsync("it has ended", async () => await machine.PropertyAsync("ActiveState") is not ("active" or "deactivating"), Cancellation);
        Assert.Equal(("failed", "failed", "exit-code"), (await machine.PropertyAsync("ActiveState"), await machine.PropertyAsync("SubState"), await machine.PropertyAsync("Result")));
        Assert.Equal(("2", "0"), (await machine.PropertyAsync("ExecMainStatus"), await machine.PropertyAsync("NRestarts")));
        await machine.PrintedAsync("/etc/homelab/homelab.yaml:3:1: ");
    }

    [Fact]
    public async Task What_may_pass_is_tried_again()
    {
        await using var machine = await SystemdMachine.BootAsync(dockerd);
        // An address of a network that is not up yet.
        await machine.WriteAsync("/etc/homelab/homelab.yaml", Lab + "server: { listen: \"192.0.2.1:18789\" }\n");
        await machine.WriteAsync("/etc/homelab/homelab.env", $"HOOK_TOKEN={Secret}\n", "0600");
        await machine.InstallAsync(new ServiceUnit());

        await machine.RunAsync("systemctl", "start", ServiceUnit.Name);
        await Eventually.HoldsAsync("it waits for its next try", async () => await machine.PropertyAsync("SubState") == "auto-restart", Cancellation);
        await machine.PrintedAsync("AddressUnusable: ");
    }

    [Fact]
    public async Task Odd_paths_and_secrets_as_files_arrive_as_they_were_meant()
    {
        const string Folder = "/opt/the 50% $HOME of %i";
        const string LabFile = "/etc/the \"lab\", it's 50% $HOME/home lab.yaml";
        await using var machine = await SystemdMachine.BootAsync(dockerd, Folder);
        await machine.WriteAsync(LabFile, Lab.Replace("env:HOOK_TOKEN", "file:/run/credentials/homelab.service/hook-token", StringComparison.Ordinal));
        await machine.WriteAsync("/etc/my 1% secrets/hook", Secret, "0600");
        await machine.InstallAsync(new ServiceUnit
        {
            Program = $"{Folder}/homelab",
            LabFile = LabFile,
            StateFolder = "/var/lib/homelab/second",
            Secrets = new Dictionary<string, string>(StringComparer.Ordinal) { ["hook-token"] = "/etc/my 1% secrets/hook" },
        });

        await machine.RunAsync("systemctl", "start", ServiceUnit.Name);
        await machine.ReadyAsync();
        var process = await machine.PropertyAsync("MainPID");
        Assert.Equal($"{Folder}/homelab\0serve\0--lab\0{LabFile}\0", await machine.RunAsync("cat", $"/proc/{process}/cmdline"));
        Assert.Equal("600", await machine.ShellAsync("stat -c %a /var/lib/homelab/second/homelab.db"));
    }
}
