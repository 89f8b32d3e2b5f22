using System.Net.Http.Json;
using System.Text.Json;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Commands;
using Homelab.Tests;

namespace Homelab.SystemTests.Cli;

/// <summary><c>homelab lab</c>: what other processes make of the homelab that it simulates.</summary>
public sealed class LabTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-lab-");
    private readonly List<CliProcess> _processes = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Other_processes_find_it_well_and_heal_a_crash_in_it()
    {
        var (lab, file, control) = await StartLabAsync("--attached");
        var (code, output, errors) = await CheckAsync(file);
        Assert.Equal((0, ""), (code, errors));
        Assert.EndsWith(" ok, 0 not ok", output, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = control };
        Assert.Empty((await http.GetFromJsonAsync<JsonElement>("/changes", Cancellation)).EnumerateArray());

        foreach (var runbook in Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.yaml", SearchOption.AllDirectories)) await PatientAsync(runbook, runbook);
        var serve = Start("serve", "--lab", file);
        await serve.EventAsync("ready");
        (await http.PostAsync(new Uri("/containers/gitea@dev/crash", UriKind.Relative), null, Cancellation)).EnsureSuccessStatusCode();
        await serve.EventAsync("recovered", "gitea");
        var change = Assert.Single((await http.GetFromJsonAsync<JsonElement>("/changes", Cancellation)).EnumerateArray());
        Assert.Equal(("dev", "gitea"), (change.GetProperty("host").GetString(), change.GetProperty("container").GetString()));
        Assert.EndsWith("/restart", change.GetProperty("path").GetString(), StringComparison.Ordinal);
        // Its state lies beside the lab file.
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "homelab.db")));
        await serve.SignalAsync("TERM");
        Assert.Equal((0, ""), (await serve.EndAsync(), serve.Errors));

        lab.Input.Close();
        Assert.Equal((0, ""), (await lab.EndAsync(), lab.Errors));
        Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_ends_when_it_is_told_and_takes_its_own_folder_with_it(string signal)
    {
        var (lab, file, _) = await StartLabAsync();
        await lab.SignalAsync(signal);
        Assert.Equal((0, ""), (await lab.EndAsync(), lab.Errors));
        Assert.Single(lab.Output);
        Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
    }

    [Fact]
    public async Task A_folder_that_was_named_stays_and_can_be_written_anew()
    {
        var named = Path.Combine(_folder.FullName, "named");
        for (var round = 0; round < 2; round++)
        {
            var (lab, file, _) = await StartLabAsync("--attached", "--write", named, "--containers", "500", "--hosts", "10");
            Assert.Equal(Path.Combine(named, "homelab.yaml"), file);
            Assert.Equal(0, (await CheckAsync(file)).Code);
            lab.Input.Close();
            Assert.Equal((0, ""), (await lab.EndAsync(), lab.Errors));
            Assert.Equal(15, new LabReader(ProviderList.Settings, static _ => null).Read(file).Lab.Hosts.Count);
        }
    }

    [Fact]
    public async Task Somebodys_own_lab_file_is_not_replaced()
    {
        var own = Path.Combine(_folder.FullName, "homelab.yaml");
        await File.WriteAllTextAsync(own, "mine", Cancellation);
        var (code, output, errors) = await EndAsync(Start("lab", "--write", _folder.FullName));
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("LabFolderInUse: ", errors, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(own, Cancellation));
    }

    [Fact]
    public async Task A_parent_that_is_gone_at_once_leaves_nothing_behind()
    {
        var lab = CliProcess.Start(_folder.FullName, new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = _folder.FullName }, ["lab", "--attached"], hasInput: true);
        _processes.Add(lab);
        lab.Input.Close();
        Assert.Equal((0, ""), (await lab.EndAsync(), lab.Errors));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullName, "homelab-*"));
    }

    [Fact]
    public async Task Its_runbooks_are_the_shipped_ones_with_a_shorter_breath()
    {
        await HastyRunbooks.WriteAsync(_folder.FullName, Cancellation);
        var shipped = RunbookReader.Read(Path.Combine(AppContext.BaseDirectory, "runbooks"));
        var hasty = RunbookReader.Read(_folder.FullName);
        Assert.NotEmpty(shipped);
        Assert.Equal(shipped.Count, hasty.Count);
        foreach (var (slow, fast) in shipped.Zip(hasty))
        {
            Assert.Equal(TimeSpan.FromSeconds(1), fast.Throttle.Cooldown);
            Assert.Equal((TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(0.5)), (fast.Verify.Settle, fast.Verify.Within, fast.Verify.Every));
            // Nothing else differs: not one line more or less, and no step.
            Assert.Equal(slow.Name, fast.Name);
            Assert.Equivalent(slow.Steps.Select(s => (s.Id, s.Do, s.Timeout)), fast.Steps.Select(s => (s.Id, s.Do, s.Timeout)), strict: true);
            Assert.Equal(slow.Throttle with { Cooldown = fast.Throttle.Cooldown, Backoff = TimeSpan.FromSeconds(0.1) }, fast.Throttle);
        }
    }

    private CliProcess Start(params string[] arguments)
    {
        // No variable of the lab: all that another process needs is in the folder.
        var process = CliProcess.Start(_folder.FullName, new Dictionary<string, string>(StringComparer.Ordinal), arguments, hasInput: arguments.Contains("--attached", StringComparer.Ordinal));
        _processes.Add(process);
        return process;
    }

    private async Task<(CliProcess Process, string File, Uri Control)> StartLabAsync(params string[] arguments)
    {
        var lab = Start(["lab", .. arguments]);
        var ready = await lab.EventAsync("ready");
        return (lab, ready.GetProperty("lab").GetString()!, new Uri(ready.GetProperty("control").GetString()!));
    }

    private async Task<(int Code, string Output, string Errors)> CheckAsync(string file)
    {
        var patient = Path.Combine(Path.GetDirectoryName(file)!, "patient.yaml");
        await PatientAsync(file, patient);
        var ended = await EndAsync(Start("check", "--lab", patient));
        File.Delete(patient);
        return ended;
    }

    // What is well answers; on a busy machine not within the time that a person who tries it out would wait.
    private static async Task PatientAsync(string from, string to) => await File.WriteAllTextAsync(
        to, (await File.ReadAllTextAsync(from, Cancellation)).Replace("timeout: 20s", "timeout: 1m", StringComparison.Ordinal).Replace("within: 15s", "within: 2m", StringComparison.Ordinal), Cancellation);

    private static async Task<(int Code, string Output, string Errors)> EndAsync(CliProcess process)
    {
        var code = await process.EndAsync();
        return (code, string.Join('\n', process.Output), process.Errors);
    }
}
