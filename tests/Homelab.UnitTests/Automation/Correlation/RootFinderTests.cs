using Homelab.Automation.Correlation;

namespace Homelab.UnitTests.Automation.Correlation;

public sealed class RootFinderTests
{
    // web → api → db → disk, and web → cache.
    private static readonly ServiceGraph s_chain = new(GraphLab.Of(
        ("disk", new()), ("db", GraphLab.Needing("disk")), ("api", GraphLab.Needing("db")), ("cache", new()), ("web", GraphLab.Needing("api", "cache"))));

    private static readonly ServiceGraph s_names = new(GraphLab.Of(("adguard", new() { Provides = ServiceRole.Dns }), ("wiki", GraphLab.Named("https://wiki.home.arpa/"))));

    private static readonly ServiceGraph s_machine = new(GraphLab.Of(
        [("dev", new()), ("pve", new())],
        [("db", GraphLab.On("dev")), .. Enumerable.Range(1, 9).Select(i => ($"app{i}", GraphLab.On("dev"))), .. Enumerable.Range(1, 3).Select(i => ($"user{i}", GraphLab.On("pve", "db")))]));

    /// <summary>What is seen of disk, db, api and cache (+ up, - down, ! down by alert alone, ? unknown, . nothing), and the roots of web.</summary>
    [Theory]
    [InlineData("++++", "")]
    [InlineData("++-+", "api")]
    [InlineData("+--+", "db")]
    [InlineData("---+", "disk")]
    [InlineData("--.+", "disk")]
    [InlineData("-.?+", "disk")]
    [InlineData("-.++", "")]
    [InlineData("????", "")]
    [InlineData("....", "")]
    [InlineData("..!.", "api")]
    [InlineData("!???", "disk")]
    [InlineData("+++-", "cache")]
    [InlineData("+---", "cache db")]
    [InlineData("?---", "cache db")]
    public void The_root_is_down_and_nothing_that_it_needs_is(string seen, string roots)
    {
        string[] names = ["disk", "db", "api", "cache"];
        var found = Find(s_chain, "web", [.. names.Zip(seen).Where(n => n.Second != '.').Select(n => Seen(n.First, n.Second))]);
        Assert.Equal(roots, string.Join(' ', found.Roots));
        Assert.Equal(names.Length, found.Considered.Count);
        Assert.All(found.Considered, c => Assert.True(c.Why.Length > 0 && c.Path[0] == "web" && c.Path[^1] == c.Service));
        Assert.Equal(found.Roots.Order(StringComparer.Ordinal), found.Considered.Where(c => c.IsRoot).Select(c => c.Service).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("https https://wiki.home.arpa/: the host's name cannot be resolved", "adguard")]
    [InlineData("getaddrinfo ENOTFOUND wiki.home.arpa", "adguard")]
    [InlineData("no answer within 5s", "adguard")]
    [InlineData("http https://wiki.home.arpa/: HTTP 503", "")]
    [InlineData("connection refused", "")]
    [InlineData("connect ECONNREFUSED 10.0.0.5:443", "")]
    [InlineData("certificate expired", "")]
    [InlineData("", "")]
    public void A_name_server_that_is_down_is_the_root_only_where_the_failure_looks_like_it(string detail, string root)
    {
        var found = Find(s_names, "wiki", Seen("adguard", '-'), new Sighting("wiki", SightedState.Down, SightedBy.Look, GraphLab.Noon, detail));
        Assert.Equal(root, string.Join(' ', found.Roots));
        if (root.Length == 0) Assert.Contains(detail.Length == 0 ? "nothing says" : "fails as no failure of names looks", Assert.Single(found.Considered).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_look_that_is_newer_than_an_alert_counts()
    {
        var alert = new Sighting("db", SightedState.Down, SightedBy.Alert, GraphLab.Noon.AddSeconds(-1), "down");
        Assert.Empty(Find(s_chain, "api", alert, Seen("db", '+')).Roots);
        Assert.Equal(["db"], Find(s_chain, "api", alert with { At = GraphLab.Noon.AddSeconds(1) }, Seen("db", '+'), Seen("disk", '+')).Roots);
    }

    [Fact]
    public void What_is_being_healed_is_down_whatever_answers_meanwhile() =>
        Assert.Equal(["db"], Find(s_chain, "api", Seen("db", '+'), new Sighting("db", SightedState.Down, SightedBy.Healing, GraphLab.Noon.AddMinutes(-1), "Verifying")).Roots);

    [Theory]
    [InlineData(10, "host:dev")]
    [InlineData(8, "host:dev")]
    [InlineData(7, "")]
    [InlineData(2, "")]
    public void A_machine_that_cannot_be_looked_at_is_the_root_when_most_of_it_fails_at_once(int down, string root)
    {
        var runners = s_machine.RunningOn("host:dev").Select((r, i) => Seen(r, i < down ? '-' : '+'));
        Assert.Equal(root, string.Join(' ', Find(s_machine, "app1", [.. runners]).Roots));
    }

    [Theory]
    [InlineData(10, "host:dev")]
    [InlineData(4, "")]
    public void A_machine_that_does_not_answer_is_no_root_while_what_runs_there_does(int down, string root)
    {
        var runners = s_machine.RunningOn("host:dev").Select((r, i) => Seen(r, i < down ? '-' : '+'));
        Assert.Equal(root, string.Join(' ', Find(s_machine, "app1", [Seen("host:dev", '-'), .. runners]).Roots));
    }

    [Fact]
    public void A_machine_that_answers_is_no_root() =>
        Assert.Empty(Find(s_machine, "app1", [Seen("host:dev", '+'), .. s_machine.RunningOn("host:dev").Select(r => Seen(r, '-'))]).Roots);

    [Fact]
    public void A_machine_is_no_root_when_a_service_that_all_of_them_need_explains_it()
    {
        Sighting[] seen = [Seen("db", '-'), .. Enumerable.Range(1, 3).Select(i => Seen($"user{i}", '-'))];
        var found = Find(s_machine, "user1", seen);
        Assert.Equal(["db"], found.Roots);
        Assert.Contains("something else explains", found.Considered.Single(c => c.Service == "host:pve").Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void What_fails_is_divided_by_root_and_two_roots_have_their_own_members()
    {
        var groups = new RootFinder(s_chain, [Seen("disk", '-'), Seen("db", '-'), Seen("api", '-'), Seen("cache", '-')]).Divide(["web", "api", "db", "disk", "cache"]);
        Assert.Equal(["disk: api db web", "cache: web"], groups.Select(g => $"{g.Root}: {string.Join(' ', g.Members)}"));
    }

    [Theory]
    [InlineData("++++", true)]
    [InlineData("----", true)]
    [InlineData("-+?+", false)]
    [InlineData("+!-+", false)]
    public void It_is_sure_only_where_our_own_looks_tell_all(string seen, bool sure)
    {
        string[] names = ["disk", "db", "api", "cache"];
        Assert.Equal(sure, new RootFinder(s_chain, names.Zip(seen).Select(n => Seen(n.First, n.Second))).IsSure("web"));
    }

    [Fact]
    public void What_a_stack_shares_is_told_and_convicts_nobody()
    {
        var graph = new ServiceGraph(GraphLab.Of(("a", new() { Stack = "media" }), ("b", new() { Stack = "media" }), ("c", new() { Stack = "media" })));
        var found = Find(graph, "a", Seen("b", '-'), Seen("c", '+'));
        Assert.Empty(found.Roots);
        Assert.Equal("1 of 2 others of its stack are down: b", Assert.Single(found.Considered).Seen);
    }

    private static RootFinding Find(ServiceGraph graph, string service, params Sighting[] seen) => new RootFinder(graph, seen).Find(service);

    private static Sighting Seen(string service, char how) => new(
        service,
        how switch { '+' => SightedState.Up, '?' => SightedState.Unknown, _ => SightedState.Down },
        how == '!' ? SightedBy.Alert : SightedBy.Look,
        GraphLab.Noon,
        how switch { '+' => "HTTP 200", '?' => "could not be asked", _ => "HTTP 503" });
}
