using Homelab.Automation.Runbooks;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Tests;

namespace Homelab.SystemTests.Scripts;

/// <summary>Scripts as steps of a runbook, in the whole product.</summary>
public sealed class RunbookTests : IDisposable
{
    private const string Lab = """
        apiVersion: homelab/v1
        kind: Lab
        metadata: { name: scripted }
        access: { schedule: manage, webhook: operate }
        providers:
          scripts: { folder: my-scripts }
        policy:
          commands:
            - run: [pwsh, { choice: [count.ps1, tell.ps1] }, { like: "*", count: 0..1 }]
              on: ["script:*"]
        server: { runbooks: [my-runbooks], state: state.db }
        """;

    private const string Book = """
        apiVersion: homelab/v1
        kind: Runbook
        metadata: { name: nightly, description: Count something and tell of it. }
        spec:
          level: manage
          steps:
            - id: count
              do: script_run
              with: { script: count.ps1 }
            - id: tell
              do: script_run
              when: steps.count.exitCode == 0 and startsWith(steps.count.output, '42')
              with: { script: tell.ps1, argument: [ "{{ values.name }}" ], timeout: 5m }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hlb");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_steps_script_runs_in_pwsh_and_the_next_step_reads_what_it_wrote()
    {
        await using var bench = new ScriptBench();
        Write("my-scripts/count.ps1", "6 * 7");
        Write("my-scripts/tell.ps1", "param($Name) Set-Content (Join-Path $PSScriptRoot told) \"hello $Name\"");
        await using var runtime = await OpenAsync(Book);
        Assert.Empty(runtime.Check());

        var report = await runtime.Desk.RunAsync(new RunbookRequest { Runbook = "nightly", Caller = new Caller(Face.Schedule, "schedule:nightly"), Values = new System.Text.Json.Nodes.JsonObject { ["name"] = "anna" } }, Cancel);

        Assert.Equal((RunStatus.Done, "count tell"), (report.Run.Status, string.Join(' ', report.Steps.Where(static s => s.Status is StepStatus.Succeeded).Select(static s => s.Step))));
        Assert.Equal("hello anna", (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "my-scripts", "told"), Cancel)).Trim());
    }

    [Fact]
    public async Task A_runbook_that_may_do_less_than_scripts_need_is_a_mistake_before_anything_runs()
    {
        await using var runtime = await OpenAsync(Book.Replace("level: manage", "level: operate", StringComparison.Ordinal));

        Assert.Equal(2, runtime.Check().Count(static p => p.ToString().Contains("script_run", StringComparison.Ordinal)));
    }

    private async Task<HomelabRuntime> OpenAsync(string book)
    {
        Write("homelab.yaml", Lab);
        Write("my-runbooks/nightly.yaml", book);
        var file = new LabReader(ProviderList.Settings, Environment.GetEnvironmentVariable).Read(Path.Combine(_folder.FullName, "homelab.yaml"));
        return await HomelabRuntime.OpenAsync(file, new RuntimeOptions(), Cancel);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
