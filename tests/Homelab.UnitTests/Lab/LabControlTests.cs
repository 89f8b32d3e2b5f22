using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Homelab.Lab;
using Homelab.Lab.Control;
using Homelab.Lab.Docker;
using Homelab.Lab.Hosts;
using Homelab.Tests;

namespace Homelab.UnitTests.Lab;

public sealed partial class LabControlTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private SimulatedHomelab _homelab = null!;
    private LabControl _control = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _homelab = await SimulatedHomelab.StartAsync(Cancellation);
        _control = await LabControl.StartAsync(_homelab);
        _http.BaseAddress = _control.Url;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _control.DisposeAsync();
        await _homelab.DisposeAsync();
    }

    [Theory]
    [InlineData("", 137)]
    [InlineData("?code=0", 0)]
    [InlineData("?code=255", 255)]
    public async Task A_container_crashes_with_the_code_that_was_asked_for(string query, int code)
    {
        Assert.Equal((204, ""), await SendAsync("POST", "/containers/gitea@dev/crash" + query));
        var gitea = _homelab.ContainerOf("gitea");
        Assert.Equal((ContainerState.Exited, code), (gitea.State, gitea.ExitCode));
        Assert.Equal((409, "gitea does not run. Start it through its engine first."), await SendAsync("POST", "/containers/gitea@dev/crash"));
    }

    [Fact]
    public async Task A_container_becomes_unhealthy_if_it_has_a_health_check_and_runs()
    {
        Assert.Equal((204, ""), await SendAsync("POST", "/containers/gitea@dev/unhealthy"));
        Assert.Equal((ContainerState.Running, ContainerHealth.Unhealthy), (_homelab.ContainerOf("gitea").State, _homelab.ContainerOf("gitea").Health));
        Assert.Equal((409, "redis has no health check, so it cannot become unhealthy."), await SendAsync("POST", "/containers/redis@dev/unhealthy"));
        _homelab.ContainerOf("gitea").Crash();
        Assert.Equal(409, (await SendAsync("POST", "/containers/gitea@dev/unhealthy")).Status);
    }

    [Fact]
    public async Task A_container_writes_to_its_log_what_it_is_told()
    {
        Assert.Equal((204, ""), await SendAsync("POST", "/containers/gitea@dev/log?text=one%20line"));
        Assert.Equal((204, ""), await SendAsync("POST", "/containers/gitea@dev/log?text=trouble&source=error"));
        Assert.Equal([("one line", LogSource.Output), ("trouble", LogSource.Error)], _homelab.ContainerOf("gitea").ReadLog().Lines.Select(l => (l.Text, l.Source)));
        Assert.Equal((400, "There is nothing to write. Give text."), await SendAsync("POST", "/containers/gitea@dev/log"));
        Assert.Equal((400, "'7' is no source. Give output or error."), await SendAsync("POST", "/containers/gitea@dev/log?text=x&source=7"));
    }

    [Fact]
    public async Task What_changes_an_engine_is_shown_with_the_containers_name_and_a_look_is_only_counted()
    {
        var gitea = _homelab.ContainerOf("gitea");
        await EngineAsync("dev", "GET", "/containers/json");
        await EngineAsync("dev", "POST", $"/containers/{gitea.Id}/restart");
        await EngineAsync("infra", "POST", "/containers/traefik/stop");
        await EngineAsync("infra", "POST", "/containers/none/stop");
        Assert.Equal(
            [$"dev POST /containers/{gitea.Id}/restart gitea", "infra POST /containers/traefik/stop traefik", "infra POST /containers/none/stop "],
            (await _http.GetFromJsonAsync<JsonElement>("/changes", Cancellation)).EnumerateArray().Select(c => $"{c.GetProperty("host")} {c.GetProperty("method")} {c.GetProperty("path")} {c.GetProperty("container")}"));
        Assert.Equal(4, (await _http.GetFromJsonAsync<JsonElement>("/requests", Cancellation)).GetProperty("count").GetInt32());

        Assert.Equal((204, ""), await SendAsync("POST", "/reset"));
        Assert.Equal("[]", await _http.GetStringAsync("/changes", Cancellation));
        Assert.Equal("""{"count":0}""", await _http.GetStringAsync("/requests", Cancellation));
    }

    [Fact]
    public async Task An_engine_fails_until_that_is_taken_back()
    {
        Assert.Equal((204, ""), await SendAsync("POST", "/engines/dev/fault?kind=InternalError"));
        foreach (var path in (string[])["/_ping", "/version", "/containers/json"]) Assert.Equal(500, await EngineAsync("dev", "GET", path));
        Assert.Equal(200, await EngineAsync("infra", "GET", "/version"));
        Assert.Equal((204, ""), await SendAsync("DELETE", "/engines/dev/fault"));
        Assert.Equal(200, await EngineAsync("dev", "GET", "/version"));
    }

    [Fact]
    public async Task A_fault_meets_the_requests_that_it_names_and_as_many_as_it_says()
    {
        Assert.Equal((204, ""), await SendAsync("POST", "/engines/dev/fault?kind=internalError&times=1&method=POST&path=/containers/*/restart"));
        Assert.Equal(200, await EngineAsync("dev", "GET", "/version"));
        Assert.Equal(500, await EngineAsync("dev", "POST", "/containers/gitea/restart"));
        Assert.Equal(204, await EngineAsync("dev", "POST", "/containers/gitea/restart"));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("slow&delay=1h")]
    public async Task An_engine_that_does_not_answer_can_be_made(string fault)
    {
        Assert.Equal((204, ""), await SendAsync("POST", "/engines/dev/fault?kind=" + fault));
        var arrived = new TaskCompletionSource();
        _homelab.Engines["dev"].RequestReceived += (_, _) => arrived.TrySetResult();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asking = _http.GetAsync(EngineUrl("dev", "/version"), giveUp.Token);
        await arrived.Task.WaitAsync(Cancellation);
        Assert.False(asking.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData("lostBefore", true)]
    [InlineData("lostAfter", false)]
    public async Task An_answer_can_be_lost_before_or_after_it_was_done(string kind, bool stillRuns)
    {
        await SendAsync("POST", "/engines/dev/fault?kind=" + kind);
        await Assert.ThrowsAsync<HttpRequestException>(() => EngineAsync("dev", "POST", "/containers/gitea/stop"));
        Assert.Equal(stillRuns, _homelab.ContainerOf("gitea").Running);
    }

    [Fact]
    public async Task A_machine_runs_short_of_what_is_taken_from_it_and_its_units_fail()
    {
        var dev = _homelab.Hosts["dev"];
        Assert.Equal((204, ""), await SendAsync("POST", "/hosts/dev/disk?used=40GiB"));
        Assert.Equal((204, ""), await SendAsync("POST", "/containers/gitea@dev/fill?bytes=18GiB"));
        Assert.Equal(58L << 30, dev.UsedOf(dev.FileSystem("/")));
        Assert.InRange(dev.FullnessOf("/"), 0.95, 0.96);
        Assert.Equal((204, ""), await SendAsync("POST", "/hosts/dev/memory?used=15GiB"));
        Assert.InRange(dev.MemoryUsed, 15L << 30, 16L << 30);
        Assert.Equal((204, ""), await SendAsync("POST", "/hosts/dev/units/cron.service/fail?code=7"));
        Assert.Equal(("failed", 7), (dev.Unit("cron.service").State, dev.Unit("cron.service").ExitCode));
        Assert.Equal((204, ""), await SendAsync("POST", "/hosts/dev/fault?kind=silent"));
        Assert.Equal(HostFault.Silent, dev.Fault);
        Assert.Equal((204, ""), await SendAsync("DELETE", "/hosts/dev/fault"));
        Assert.Equal(HostFault.None, dev.Fault);
    }

    [Theory]
    [InlineData("POST", "/containers/none@dev/crash", 404, "There is no container 'none' on 'dev'.")]
    [InlineData("POST", "/containers/gitea@infra/unhealthy", 404, "There is no container 'gitea' on 'infra'.")]
    [InlineData("POST", "/containers/gitea@none/crash", 404, "There is no engine on 'none'. There are: dev, infra, ai.")]
    [InlineData("POST", "/engines/windows/fault?kind=hang", 404, "There is no engine on 'windows'. There are: dev, infra, ai.")]
    [InlineData("DELETE", "/engines/none/fault", 404, "There is no engine on 'none'. There are: dev, infra, ai.")]
    [InlineData("POST", "/containers/gitea@dev/crash?code=256", 400, "'256' is no exit code. Give a number from 0 to 255.")]
    [InlineData("POST", "/containers/gitea@dev/crash?code=-1", 400, "'-1' is no exit code. Give a number from 0 to 255.")]
    [InlineData("POST", "/engines/dev/fault", 400, "kind '' is no fault. Give one of hang, slow, internalError, malformedJson, nothing, lostBefore, lostAfter, lie.")]
    [InlineData("POST", "/engines/dev/fault?kind=0", 400, "kind '0' is no fault. Give one of hang, slow, internalError, malformedJson, nothing, lostBefore, lostAfter, lie.")]
    [InlineData("POST", "/engines/dev/fault?kind=slow&delay=soon", 400, "delay 'soon' is no duration. Give one such as 2s.")]
    [InlineData("POST", "/engines/dev/fault?kind=hang&times=0", 400, "times '0' is no number of requests. Give 1 or more.")]
    [InlineData("POST", "/engines/dev/fault?kind=hang&tmies=1", 400, "'tmies' is not known. Give kind, times, delay, method, path.")]
    [InlineData("POST", "/hosts/windows/disk?used=1GiB", 404, "No host 'windows' can be logged in to. There are: dev, infra, ai, proxmox.")]
    [InlineData("POST", "/hosts/dev/disk?used=much", 400, "'much' is no size. Give used, such as 20GiB.")]
    [InlineData("POST", "/hosts/dev/fault?kind=none", 400, "kind 'none' is no fault. Give one of silent, hang, slow, deny, lie.")]
    [InlineData("POST", "/hosts/dev/fault?kind=slow&delay=soon", 400, "delay 'soon' is no duration. Give one such as 2s.")]
    [InlineData("POST", "/hosts/proxmox/units/docker.service/fail", 404, "There is no unit 'docker.service' on 'proxmox'. There are: systemd-journald.service, dbus.service, cron.service, ssh.service.")]
    [InlineData("POST", "/containers/gitea@dev/fill?bytes=-1", 400, "'-1' is no size. Give bytes, such as 20GiB.")]
    [InlineData("GET", "/reset", 405, "This path takes POST alone.")]
    [InlineData("GET", "/", 404, "There is nothing at this path. docs/lab-simulator.md lists the routes.")]
    public async Task What_cannot_be_done_is_told_and_changes_nothing(string method, string path, int status, string message)
    {
        Assert.Equal((status, message), await SendAsync(method, path));
        Assert.True(_homelab.ContainerOf("gitea").Running);
        Assert.Equal(200, await EngineAsync("dev", "GET", "/version"));
    }

    [Fact]
    public void The_page_lists_the_routes_that_there_are()
    {
        var page = File.ReadAllText(Path.Join(Repository.Root, "docs", "lab-simulator.md"));
        Assert.Equal(RouteRow().Matches(page).Select(m => m.Groups["route"].Value).Order(StringComparer.Ordinal), _control.Routes.Order(StringComparer.Ordinal));
        Assert.All(Enum.GetValues<EngineFaultKind>(), kind => Assert.Contains($"`{HomelabNames.Of(kind)}`", page, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<HostFault>().Where(static f => f != HostFault.None), fault => Assert.Contains($"`{HomelabNames.Of(fault)}`", page, StringComparison.Ordinal));
    }

    // The message, where there is one.
    private async Task<(int Status, string Message)> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _http.SendAsync(request, Cancellation);
        if (response.StatusCode == HttpStatusCode.NoContent) return (204, "");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("message").GetString()!);
    }

    private async Task<int> EngineAsync(string host, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), EngineUrl(host, path));
        using var response = await _http.SendAsync(request, Cancellation);
        return (int)response.StatusCode;
    }

    private Uri EngineUrl(string host, string path) => new(_homelab.Engines[host].TcpEndpoint!.Replace("tcp:", "http:", StringComparison.Ordinal) + path);

    [GeneratedRegex(@"^\| `(?<route>[A-Z]+ /[^`]*)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex RouteRow();
}
