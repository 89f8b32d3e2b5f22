using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Tests;

namespace Homelab.UnitTests.Composition;

public sealed class PolicyWatchTests : IAsyncDisposable
{
    private const string Head = "apiVersion: homelab/v1\nkind: Lab\nmetadata: { name: test }\ninclude: [ more.yaml ]\n";

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("hl-policy-").FullName;
    private readonly ManualTime _time = new();
    private readonly List<(string Name, string Text)> _told = [];
    private readonly CancellationTokenSource _ending = new();
    private HomelabRuntime? _runtime;
    private Task? _watch;
    private int _writes;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_file_says_of_access_and_policy_holds_when_it_has_been_written()
    {
        var gate = await OpenAsync("access: { mcp: monitor }\n");
        var changes = 0;
        gate.Decider.Changed += (_, _) => changes++;
        Assert.Equal(Requirement.Deny, Foresee(gate, "docker_restart_container"));

        Write("lab.yaml", Head + "access: { mcp: operate }\n");
        await LookAsync();
        Assert.Equal(Requirement.Deny, Foresee(gate, "docker_restart_container"));
        await LookAsync();
        Assert.Equal((Requirement.Ask, 1, Level.Operate), (Foresee(gate, "docker_stop_container"), changes, gate.Decider.Access.Mcp));
        Assert.Equal("policyTaken", Assert.Single(_told).Name);
        Assert.Equal(("policy_take", "file", "in force"), (await _runtime!.Store.ReadAuditTailAsync(5, Cancel)).Select(static l => (l.Operation, l.Trigger, l.Result)).Single());

        // A file that it includes counts as well, and nothing is taken twice.
        await LookAsync();
        Write("more.yaml", "apiVersion: homelab/v1\nkind: Lab\npolicy: { approvals: { docker_stop_container: deny } }\n");
        await LookAsync();
        await LookAsync();
        await LookAsync();
        Assert.Equal((Requirement.Deny, 2), (Foresee(gate, "docker_stop_container"), changes));
    }

    [Fact]
    public async Task A_file_that_is_still_being_written_is_waited_for()
    {
        var gate = await OpenAsync("access: { mcp: operate }\npolicy: { approvals: { docker_stop_container: deny } }\n");
        foreach (var part in new[] { "", "access: { mcp: operate }\n", "access: { mcp: operate }\npolicy: { approvals: { docker_stop_container: deny } }\n" })
        {
            Write("lab.yaml", Head + part);
            await LookAsync();
            Assert.Equal((Requirement.Deny, 0), (Foresee(gate, "docker_stop_container"), _told.Count));
        }
    }

    [Fact]
    public async Task What_changed_while_the_program_was_starting_is_taken_too()
    {
        var gate = await OpenAsync("access: { mcp: monitor }\n", meanwhile: () => Write("lab.yaml", Head + "access: { mcp: operate }\n"));
        Assert.Equal(Level.Monitor, gate.Decider.Access.Mcp);
        await LookAsync();
        await LookAsync();
        Assert.Equal((Level.Operate, "policyTaken"), (gate.Decider.Access.Mcp, Assert.Single(_told).Name));
    }

    [Fact]
    public async Task What_changes_while_it_is_read_is_taken_by_a_later_look()
    {
        var changes = 0;
        var gate = await OpenAsync("access: { mcp: monitor }\n", afterReading: () =>
        {
            // Twice: when the program starts it is left as it is.
            if (++changes == 2) Write("lab.yaml", Head + "access: { mcp: configure }\n");
        });
        Write("lab.yaml", Head + "access: { mcp: operate }\n");
        for (var i = 0; i < 2; i++) await LookAsync();
        Assert.Equal(Level.Operate, gate.Decider.Access.Mcp);
        for (var i = 0; i < 2; i++) await LookAsync();
        Assert.Equal(Level.Configure, gate.Decider.Access.Mcp);
    }

    [Theory]
    [InlineData("access: { mcp: opperate }\n", "operate")]
    [InlineData("access: { mcp: manage }\npolicy: { approvals: { docker_stopp_container: ask } }\n", "docker_stop_container")]
    [InlineData(null, "more.yaml")]
    public async Task A_file_that_cannot_be_taken_changes_nothing_and_is_said_once(string? file, string said)
    {
        var gate = await OpenAsync("access: { mcp: monitor }\n");
        if (file is null) File.Delete(Path.Combine(_folder, "more.yaml"));
        else Write("lab.yaml", Head + file);
        for (var i = 0; i < 5; i++) await LookAsync();
        Assert.Equal(Level.Monitor, gate.Decider.Access.Mcp);
        var (name, text) = Assert.Single(_told);
        Assert.Equal("policyRefused", name);
        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.Contains("the policy stays as it was", text, StringComparison.Ordinal);
        Assert.Empty(await _runtime!.Store.ReadAuditTailAsync(5, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_watch is not null) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _watch);
        if (_runtime is not null) await _runtime.DisposeAsync();
        _ending.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Requirement Foresee(OperationGate gate, string operation) => gate.Foresee(gate.Catalog.Find(operation).Descriptor, new Caller(Face.Mcp, "claude")).Verdict;

    private async Task<OperationGate> OpenAsync(string text, Action? meanwhile = null, Action? afterReading = null)
    {
        Write("more.yaml", "apiVersion: homelab/v1\nkind: Lab\n");
        Write("lab.yaml", Head + text);
        _runtime = await HomelabRuntime.OpenAsync(Read(), new RuntimeOptions { Time = _time }, Cancel);
        meanwhile?.Invoke();
        _watch = new PolicyWatch(_runtime, Read, (name, text) => _told.Add((name, text))).RunAsync(_ending.Token);
        await _time.WaitedForAsync(s_second);
        return _runtime.Gate;

        LabFile Read()
        {
            var file = new LabLocator(_folder, static _ => null).Locate(Path.Combine(_folder, "lab.yaml")).File;
            afterReading?.Invoke();
            return file;
        }
    }

    // One look, from its beginning to its end.
    private async Task LookAsync()
    {
        _time.Advance(s_second);
        await _time.WaitedForAsync(s_second);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        // The clocks of file systems are coarse.
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(++_writes));
    }
}
