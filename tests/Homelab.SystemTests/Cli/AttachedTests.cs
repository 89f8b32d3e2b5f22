using System.Text.Json;
using Homelab.Lab;

namespace Homelab.SystemTests.Cli;

/// <summary><c>serve --attached</c>: what a parent process says first, and what becomes of the program without it.</summary>
public sealed class AttachedTests
{
    [Fact]
    public async Task It_heals_with_the_secrets_that_it_was_handed_and_ends_when_its_parent_is_gone()
    {
        await using var bench = await CliBench.OpenAsync(InVault);
        var serve = bench.StartAttached(FirstLine(bench, "vault:hook", "vault:Home/kuma"), "serve", "--attached");
        await bench.ReadyAsync(serve);
        await bench.CrashAsync("gitea", "Gitea");
        bench.Stage.Homelab.Kuma.StartChecking();
        await serve.EventAsync("recovered", "gitea");
        // Else it may be told of after the stopping.
        await serve.EventAsync("noticeSent");
        Assert.Contains(serve.Output, line => line.Contains("monitor ok (Kuma says up)", StringComparison.Ordinal));

        serve.Input.Close();
        Assert.Equal((0, ""), (await serve.EndAsync(), serve.Errors));
        Assert.All(serve.Output, line => Assert.True(HomelabEvent.TryParse(line, out _), line));
        // Not always the last: a message to people may just be under way.
        Assert.Contains(serve.Output, line => HomelabEvent.TryParse(line, out var told) && told.Event == "stopping");
        // In good order: what it did is in an audit that holds.
        var (code, output, _) = await bench.RunAsync("audit", "verify");
        Assert.Equal((0, true), (code, output.StartsWith("intact: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nothing_needs_to_be_handed_over_and_SIGTERM_ends_it_as_well()
    {
        await using var bench = await CliBench.OpenAsync();
        var serve = bench.StartAttached("{}\n", "serve", "--attached");
        await bench.ReadyAsync(serve);
        await serve.SignalAsync("TERM");
        Assert.Equal((0, ""), (await serve.EndAsync(), serve.Errors));
    }

    [Fact]
    public async Task A_parent_that_goes_before_it_is_ready_ends_it_well_too()
    {
        await using var bench = await CliBench.OpenAsync();
        var serve = bench.StartAttached("{}\n", "serve", "--attached");
        serve.Input.Close();
        Assert.Equal((0, ""), (await serve.EndAsync(), serve.Errors));
        Assert.All(serve.Output, line => Assert.True(HomelabEvent.TryParse(line, out _), line));
    }

    [Theory]
    [InlineData("", "there is none")]
    [InlineData("hunter2-in-clear\n", "it is no JSON")]
    [InlineData("{\"secrets\":{\"hunter2-in-clear\":\"vault:hook\"}}\n", "a name in 'secrets' is no reference")]
    public async Task A_first_line_that_cannot_be_used_is_refused_and_not_repeated(string said, string why)
    {
        await using var bench = await CliBench.OpenAsync();
        var serve = bench.StartAttached(said, "serve", "--attached");
        serve.Input.Close();
        Assert.Equal(2, await serve.EndAsync());
        Assert.Empty(serve.Output);
        Assert.StartsWith($"FirstLineInvalid: The first line of standard input cannot be used: {why}", serve.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", serve.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_was_not_handed_over_is_told_with_its_place()
    {
        await using var bench = await CliBench.OpenAsync(InVault);
        var serve = bench.StartAttached(FirstLine(bench, "vault:other", "vault:Home/kuma"), "serve", "--attached");
        Assert.Equal(2, await serve.EndAsync());
        Assert.Empty(serve.Output);
        Assert.Contains("hooks.uptime-alert.token cannot be opened. The secret vault:hook was not found: the vault holds nothing of that name.", serve.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_parent_there_is_no_vault_and_the_way_to_one_is_told()
    {
        await using var bench = await CliBench.OpenAsync(InVault);
        var (code, output, errors) = await bench.RunAsync("serve");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("The secret vault:hook cannot be opened here", errors, StringComparison.Ordinal);
        Assert.Contains("Start-HlListener", errors, StringComparison.Ordinal);
    }

    private static string InVault(string lab) => lab
        .Replace("env:" + SimulatedTokens.HookVariable, "vault:hook", StringComparison.Ordinal)
        .Replace("env:" + SimulatedTokens.KumaVariable, "vault:Home/kuma", StringComparison.Ordinal);

    private static string FirstLine(CliBench bench, string hook, string kuma)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal) { [hook] = bench.Stage.Homelab.Tokens.Hook, [kuma] = bench.Stage.Homelab.Tokens.KumaKey };
        return JsonSerializer.Serialize(new { secrets }) + "\n";
    }
}
