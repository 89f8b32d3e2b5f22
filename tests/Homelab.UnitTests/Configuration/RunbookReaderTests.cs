using System.Text.Json.Nodes;
using Homelab.Configuration;

namespace Homelab.UnitTests.Configuration;

public sealed class RunbookReaderTests
{
    internal const string Sample = """
        apiVersion: homelab/v1
        kind: Runbook
        metadata: { name: container-crash-recovery, description: Restart a crashed container and prove that the service is back. }
        spec:
          level: operate
          trigger: { alert: { status: down, service: { hasContainer: true } } }
          throttle: { cooldown: 10m, attempts: 3, per: 1h }
          steps:
            - id: look
              do: docker_inspect_container
              with: { container: "{{ service.container }}" }
            - id: restart
              do: docker_restart_container
              with: { container: "{{ service.container }}", timeout: 30, force: true, tag: "30", factor: 1.5, none: ~, list: [ 1, two, 0x10 ] }
              retry: { attempts: 2, backoff: 5s }
              onError: verify
              rollback: { do: docker_start_container, with: { container: x } }
          verify: { settle: 30s, within: 60s, checks: [ service ] }
          otherwise: { escalate: "{{ service.name }} is still down. {{ service.hint }}" }
        """;

    private const string Head = "apiVersion: homelab/v1\nkind: Runbook\nmetadata: { name: a }\nspec:\n  level: operate\n";

    private static IReadOnlyList<Runbook> Read(string text)
    {
        using var folder = new LabFolder();
        return RunbookReader.Read(Path.Join(folder.Write("a.yaml", text).Root, "a.yaml"));
    }

    [Fact]
    public void The_sample_of_the_design_is_read()
    {
        var runbook = Assert.Single(Read(Sample));
        Assert.Equal("container-crash-recovery", runbook.Name);
        Assert.StartsWith("Restart a crashed", runbook.Description, StringComparison.Ordinal);
        Assert.Equal(Level.Operate, runbook.Level);
        Assert.True(runbook.Trigger!.Alert!.Service!.HasContainer);
        Assert.Equal((OnError.Stop, OnError.Verify), (runbook.Steps[0].OnError, runbook.Steps[1].OnError));
        Assert.Equal(TimeSpan.FromSeconds(5), runbook.Steps[1].Retry!.Backoff);
        Assert.Equal("docker_start_container", runbook.Steps[1].Rollback!.Do);
        Assert.Equal([VerifyCheck.Service], runbook.Verify.Checks);
    }

    [Theory]
    [InlineData("{ id: a }", "has neither do nor stop")]
    [InlineData("{ id: a, do: x_y, stop: { say: no } }", "stands beside stop")]
    [InlineData("{ id: a, forEach: values.x, stop: { say: no } }", "stands beside stop")]
    [InlineData("{ id: a, stop: { as: escalate } }", "say")]
    public void A_step_runs_an_operation_or_ends_the_run(string step, string reason)
    {
        var error = Assert.Throws<ConfigurationException>(() => Read(Head + $"  steps: [ {step} ]\n"));
        Assert.Contains(reason, Assert.Single(error.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_must_be_so_afterwards_and_who_goes_on_are_read()
    {
        var runbook = Assert.Single(Read(Head + "  steps: [ { id: a, when: x, stop: { say: nothing to do, as: verify } } ]\n  verify: { hold: 5m, ask: [ { do: x_y, with: { a: 1 }, that: result.a > 1 } ] }\n  otherwise: { next: b }\n"));
        Assert.Equal((StopAs.Verify, "nothing to do"), (runbook.Steps[0].Stop!.As, runbook.Steps[0].Stop!.Say));
        Assert.Equal((TimeSpan.FromMinutes(5), "result.a > 1"), (runbook.Verify.Hold, Assert.Single(runbook.Verify.Ask).That));
        Assert.Equal("b", runbook.Otherwise.Next);
    }

    [Fact]
    public void Inputs_keep_the_types_of_yaml_and_quoted_values_stay_texts()
    {
        var with = Assert.Single(Read(Sample)).Steps[1].With;
        var expected = JsonNode.Parse("""{ "container": "{{ service.container }}", "timeout": 30, "force": true, "tag": "30", "factor": 1.5, "none": null, "list": [ 1, "two", 16 ] }""");
        Assert.True(JsonNode.DeepEquals(expected, with), with.ToJsonString());
    }

    [Fact]
    public void Every_value_knows_its_place()
    {
        var source = Assert.Single(Read(Sample)).Source;
        Assert.Equal((11, 26), (source.Of("spec.steps[0].with.container").Line, source.Of("spec.steps[0].with.container").Column));
        Assert.Equal(13, source.Of("spec.steps[1].do").Line);
        Assert.Equal((3, 19), (source.Of("metadata.name").Line, source.Of("metadata.name").Column));
    }

    [Fact]
    public void A_schedule_is_read()
    {
        var cron = Assert.Single(Read(Head + "  steps: [ { id: x, do: y } ]\n  trigger: { schedule: { cron: \"0 3 * * *\", timeZone: Europe/Berlin, service: gitea } }")).Trigger!.Schedule!;
        Assert.Equal(("0 3 * * *", "Europe/Berlin", "gitea"), (cron.ToString(), cron.TimeZone, cron.Service));
        Assert.Equal("every 30m", Assert.Single(Read(Head + "  steps: [ { id: x, do: y } ]\n  trigger: { schedule: { every: 30m } }")).Trigger!.Schedule!.ToString());
    }

    [Fact]
    public void A_file_may_hold_several_runbooks()
    {
        var read = Read($"{Head}  steps: [ {{ id: x, do: y }} ]\n---\n---\n{Head.Replace("name: a", "name: b", StringComparison.Ordinal)}  steps: [ {{ id: x, do: y }} ]\n");
        Assert.Equal(["a", "b"], read.Select(static r => r.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void A_folder_is_read_in_the_order_of_its_names_without_other_files()
    {
        using var folder = new LabFolder();
        var text = Head + "  steps: [ { id: x, do: y } ]\n";
        folder.Write("b.yaml", text).Write("a.yml", text.Replace("name: a", "name: z", StringComparison.Ordinal)).Write("readme.md", "no runbook").Write("sub/c.yaml", "no: runbook");
        Assert.Equal(["z", "a"], RunbookReader.Read(folder.Root).Select(static r => r.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void An_empty_folder_holds_no_runbook()
    {
        using var folder = new LabFolder();
        Assert.Empty(RunbookReader.Read(folder.Root));
    }

    [Fact]
    public void Mistakes_of_all_files_of_a_folder_are_told_at_once()
    {
        using var folder = new LabFolder();
        folder.Write("a.yaml", Head + "  stepps: []\n").Write("b.yaml", "a: [").Write("c.yaml", "").Write("d.yaml", "kind: Lab\n");
        var problems = Assert.Throws<ConfigurationException>(() => RunbookReader.Read(folder.Root)).Problems;
        Assert.Equal(["a.yaml", "b.yaml", "c.yaml", "d.yaml"], problems.Select(static p => Path.GetFileName(p.Position.File)), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("  steps: [ { id: x, do: y }, { id: §x, do: z } ]", "spec.steps[1].id", "is 'x', and so is the step in line 6")]
    [InlineData("  steps: [ { id: §\"a b\", do: y } ]", "spec.steps[0].id", "which expressions could not name")]
    [InlineData("  steps: [ { id: a, do: §\" \" } ]", "spec.steps[0].do", "is empty")]
    [InlineData("  steps: [ { id: a, do: y, rollback: { do: §\"\" } } ]", "spec.steps[0].rollback.do", "is empty")]
    [InlineData("  steps: §[]", "spec.steps", "is empty")]
    [InlineData("  §stpes: [ { id: x, do: y } ]", "spec.stpes", "is not a key here")]
    [InlineData("  steps: [ { id: a, do: y, with: §[ 1 ] } ]", "spec.steps[0].with", "is a list, not a mapping")]
    [InlineData("  steps:\n    - do: y\n      §onErorr: stop\n      id: x", "spec.steps[0].onErorr", "is not a key here")]
    [InlineData("  steps:\n    - §do: y", "spec.steps[0].id", "is missing")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  verify: { settle: 2m, within: §1m }", "spec.verify.within", "is 1m, shorter than the 2m")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  verify: { checks: §[] }", "spec.verify.checks", "is empty")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  verify: { checks: [ §prob ] }", "spec.verify.checks[0]", "is 'prob', not one of")]
    [InlineData("  steps: [ { id: x, do: y, retry: { attempts: §0 } } ]", "spec.steps[0].retry.attempts", "is 0, not from 1 to 100")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  §level: manage", "spec.level", "is given twice")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  §source: x", "spec.source", "is not a key here")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  trigger: { schedule: §{} }", "spec.trigger.schedule", "has neither cron nor every")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  trigger: { schedule: { cron: 0 3 * * *, every: §1h } }", "spec.trigger.schedule.every", "stands beside cron")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  trigger: { schedule: { every: 1h, timeZone: §UTC } }", "spec.trigger.schedule.timeZone", "has no meaning without cron")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  trigger: { schedule: { cron: 0 3 * * *, timeZone: §Europe/Berln } }", "spec.trigger.schedule.timeZone", "is 'Europe/Berln', which this machine does not know")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  trigger: { schedule: { every: §100ms } }", "spec.trigger.schedule.every", "is 100ms, not from 1s to 365d")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  trigger: { schedule: { every: §5m } }", "spec.trigger.schedule.every", "more often than the throttle allows (3 per 1h)")]
    [InlineData("  steps: [ { id: x, do: y } ]\n  throttle: { cooldown: 2h }\n  trigger: { schedule: { every: §1h, service: a } }", "spec.trigger.schedule.every", "shorter than the throttle's cooldown")]
    public void A_mistake_is_told_with_its_place(string rest, string path, string reason)
    {
        var (text, line, column) = LabFolder.Unmark(Head + rest);
        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => Read(text)).Problems);
        Assert.Equal(path, problem.Path);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Position.Line, problem.Position.Column));
    }

    [Theory]
    [InlineData("Container_Crash")]
    [InlineData("-a")]
    [InlineData("a b")]
    public void A_name_that_is_not_kebab_case_is_refused(string name)
    {
        var text = Head.Replace("name: a", $"name: \"{name}\"", StringComparison.Ordinal) + "  steps: [ { id: x, do: y } ]\n";
        Assert.Equal("metadata.name", Assert.Single(Assert.Throws<ConfigurationException>(() => Read(text)).Problems).Path);
    }

    [Fact]
    public void Two_runbooks_of_one_name_are_told_with_both_places()
    {
        using var folder = new LabFolder();
        var text = Head + "  steps: [ { id: x, do: y } ]\n";
        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => RunbookReader.Read(folder.Write("a.yaml", text).Write("b.yaml", text).Root)).Problems);
        Assert.Equal("b.yaml", Path.GetFileName(problem.Position.File));
        Assert.Contains("a.yaml:3:19", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_does_not_exist_is_a_problem() =>
        Assert.Equal("does not exist", Assert.Single(Assert.Throws<ConfigurationException>(() => RunbookReader.Read("no/such/folder")).Problems).Reason);

    [Fact]
    public void Runbooks_without_spec_or_level_are_told_and_nothing_else_breaks()
    {
        var paths = Assert.Throws<ConfigurationException>(() => Read("apiVersion: homelab/v1\nkind: Runbook\nmetadata: { name: a }\n---\n" + "apiVersion: homelab/v1\nkind: Runbook\nspec: {}\n")).Problems.Select(static p => p.Path);
        Assert.Equal(["spec", "metadata", "spec.level", "spec.steps"], paths, StringComparer.Ordinal);
    }
}
