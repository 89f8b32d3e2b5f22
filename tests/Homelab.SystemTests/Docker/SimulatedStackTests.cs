using System.Text.Json;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Lab;

namespace Homelab.SystemTests.Docker;

/// <summary>A whole lab from its file: how stacks meet the gate, and that the simulated compose is spoken to as the real one.</summary>
public sealed class SimulatedStackTests : IAsyncLifetime
{
    private const string Folder = "/opt/stacks/notes";
    private const string Privileged = "services:\n  notes:\n    image: notes:1\n    privileged: true\n";

    private static readonly Caller s_person = new(Face.Interactive, "anna");
    private static readonly Caller s_model = new(Face.Mcp, "model");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-simstack-");
    private SimulatedHomelab _homelab = null!;
    private HomelabRuntime _runtime = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _homelab = await SimulatedHomelab.StartAsync(Cancel);
        foreach (var (name, value) in _homelab.Tokens.Environment) await File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), value, Cancel);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(_folder.FullName, SimulatedTokens.SshVariable), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var lab = _homelab.LabFile(new SimulatedLabFileOptions { Reference = static variable => $"file:{variable}" })
            .Replace("mcp: monitor", "mcp: manage", StringComparison.Ordinal)
            .Replace("policy:\n", "policy:\n  approvals: { docker_write_compose: auto }\n", StringComparison.Ordinal);
        var path = Path.Combine(_folder.FullName, "homelab.yaml");
        await File.WriteAllTextAsync(path, lab, Cancel);
        _runtime = await HomelabRuntime.OpenAsync(new LabReader(ProviderList.Settings, static _ => null).Read(path), new RuntimeOptions(), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        await _homelab.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_is_changed_without_its_secret_and_brought_up_and_down()
    {
        var read = await ReadAsync();
        var written = await DoneAsync<StackFileChange>("docker_write_compose", new { stack = "notes", content = read.Content.Replace("notes:1", "notes:2", StringComparison.Ordinal), hash = read.Hash });
        var up = await DoneAsync<StackState>("docker_compose_up", new { stack = "notes@dev", settle = "0s" });

        Assert.Equal(1, read.Hidden);
        Assert.DoesNotContain("horse", read.Content, StringComparison.Ordinal);
        Assert.Contains("correct-horse-battery", _homelab.Hosts["dev"].Stacks.Read(Folder, "compose.yaml"), StringComparison.Ordinal);
        Assert.Equal("docker compose 2.39.1", up.Compose);
        Assert.Equal(["notes", "search"], up.Services.Select(s => s.Service).Order(StringComparer.Ordinal));
        Assert.Equal("notes:2", _homelab.Engines["dev"].Container("notes-notes-1").Spec.Image);

        var back = await DoneAsync<StackFileChange>("docker_write_compose", new { stack = "notes", backup = written.Backup, hash = written.Hash });
        var down = await DoneAsync<StackState>("docker_compose_down", new { stack = "notes" });
        Assert.Equal(read.Hash, back.Hash);
        Assert.Equal(["notes-notes-1", "notes-search-1"], down.Removed);
        Assert.Equal(4, _homelab.Engines["dev"].Containers.Count);
    }

    [Fact]
    public async Task A_model_is_let_to_write_what_is_plain_and_a_person_is_asked_for_what_may_harm_the_host()
    {
        var read = await ReadAsync();
        var plain = await AskAsync("docker_write_compose", new { stack = "notes", content = read.Content + "# plain\n", hash = read.Hash });
        var hash = Assert.IsType<StackFileChange>(Assert.IsType<GateOutcome.Done>(plain).Result).Hash;

        var waiting = Assert.IsType<GateOutcome.Waiting>(await AskAsync("docker_write_compose", new { stack = "notes", content = Privileged, hash }));

        Assert.Contains("notes runs privileged", waiting.Approval.Reason, StringComparison.Ordinal);
        Assert.Contains("services notes (notes:1)", waiting.Approval.World, StringComparison.Ordinal);
        Assert.Equal(1, waiting.Approval.Needed);
    }

    [Fact]
    public async Task A_yes_to_one_content_is_none_to_another()
    {
        var waiting = Assert.IsType<GateOutcome.Waiting>(await AskAsync("docker_compose_up", new { stack = "notes" }));
        await _runtime.Approvals.ApproveAsync(waiting.Approval.Id, "cli:anna", typedTarget: null, Cancel);
        _homelab.Hosts["dev"].Stacks.Write(Folder, "compose.yaml", Privileged);

        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync("docker_compose_up", new { stack = "notes" }, waiting.Approval.Id));

        Assert.Equal("ApprovalVoid", e.Id);
        Assert.Contains("runs privileged", e.Message, StringComparison.Ordinal);
        Assert.Equal(4, _homelab.Engines["dev"].Containers.Count);
    }

    [Fact]
    public async Task Taking_a_stack_down_needs_two_confirmations_and_says_what_goes()
    {
        await DoneAsync<StackState>("docker_compose_up", new { stack = "notes", settle = "0s" });

        var waiting = Assert.IsType<GateOutcome.Waiting>(await AskAsync("docker_compose_down", new { stack = "notes" }));

        Assert.Equal(2, waiting.Approval.Needed);
        Assert.Contains("removes notes-notes-1, notes-search-1; volumes stay", waiting.Approval.World, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("content", "services: [", "StackFileInvalid")]
    [InlineData("content", "services: {}", "StackFileInvalid")]
    [InlineData("content", "services: { a: { image: ***7*** } }", "InputInvalid")]
    [InlineData("backup", "../../etc/passwd", "StackBackupNotFound")]
    public async Task What_cannot_be_written_is_refused_before_anybody_is_asked(string field, string value, string id)
    {
        var input = new Dictionary<string, string>(StringComparer.Ordinal) { ["stack"] = "notes", [field] = value, ["hash"] = (await ReadAsync()).Hash };

        Assert.Equal(id, (await Assert.ThrowsAnyAsync<HomelabException>(() => AskAsync("docker_write_compose", input))).Id);
        Assert.Equal(["compose.yaml"], _homelab.Hosts["dev"].Stacks.Files(Folder));
    }

    private async Task<StackFile> ReadAsync()
    {
        var files = new List<StackFile>();
        var request = new GateRequest { Operation = "docker_read_compose", Json = JsonSerializer.SerializeToElement(new { stack = "notes" }), Caller = s_model };
        await foreach (var file in _runtime.Gate.QueryAsync(request, Cancel)) files.Add((StackFile)file);
        return Assert.Single(files);
    }

    private Task<GateOutcome> AskAsync(string operation, object input, string? approval = null) =>
        _runtime.Gate.InvokeAsync(new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = s_model, Approval = approval }, Cancel);

    private async Task<T> DoneAsync<T>(string operation, object input)
    {
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = s_person, Confirmation = new Yes() };
        return Assert.IsType<T>(Assert.IsType<GateOutcome.Done>(await _runtime.Gate.InvokeAsync(request, Cancel)).Result);
    }

    private sealed class Yes : IConfirmation
    {
        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
