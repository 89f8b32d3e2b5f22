using System.Text;
using Homelab.Automation.Intake;
using Homelab.UnitTests.Providers;

namespace Homelab.UnitTests.Automation;

/// <summary>Alerts by the map of their hook: any sender's JSON, and what other sources are to be read as.</summary>
public sealed class AlertIntakeTests
{
    private static readonly DateTimeOffset s_received = new(2026, 11, 21, 8, 0, 10, TimeSpan.Zero);

    private static readonly AlertMapDefinition s_map = new()
    {
        Items = "body.alerts",
        Subject = "item.name",
        Status = "item.state",
        Message = "default(item.text, 'no text')",
        At = "default(item.at, null)",
        Resource = "default(item.what, null)",
        Value = "default(item.used, null)",
        Host = "default(body.host, null)",
        Down = ["red"],
        Up = ["green"],
        Pressure = ["yellow"],
    };

    [Fact]
    public void Each_item_is_an_alert_of_the_meaning_that_the_map_gives_it()
    {
        var alerts = Read(s_map, """{"host":"dev","alerts":[{"name":"gitea","state":"RED","text":"it burns","at":1795219708},{"name":"db","state":"yellow","what":"Memory","used":"93.5%","at":"2026-01-31T08:00:00Z"},{"name":"dns","state":"green"}]}""");
        Assert.Equal([("gitea", AlertStatus.Down, "it burns"), ("db", AlertStatus.Pressure, "no text"), ("dns", AlertStatus.Up, "no text")], alerts.Select(static a => (a.Subject!, a.Status, a.Message)));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795219708), alerts[0].At);
        Assert.Equal(("memory", 93.5, new DateTimeOffset(2026, 1, 31, 8, 0, 0, TimeSpan.Zero)), (alerts[1].Resource, alerts[1].Value!.Value, alerts[1].At));
        Assert.All(alerts, static a => Assert.Equal(("json", "dev"), (a.Source, a.Host)));
        Assert.Equal(s_received, alerts[2].At);
    }

    [Fact]
    public void Without_a_list_the_body_is_the_alert() =>
        Assert.Equal(("gitea", AlertStatus.Down), Assert.Single(Read(new AlertMapDefinition { Subject = "body.service", Status = "body.ok", Down = ["false"], Up = ["true"] }, """{"service":"gitea","ok":false}""")) is var a ? (a.Subject!, a.Status) : default);

    [Fact]
    public void The_same_event_has_the_same_fingerprint_and_another_has_another()
    {
        var first = Read(s_map, """{"alerts":[{"name":"a","state":"red","at":1795219708}]}""")[0];
        Assert.Equal(first.Fingerprint, Read(s_map, """{"alerts":[{"name":"a","state":"red","at":1795219708}]}""")[0].Fingerprint);
        Assert.NotEqual(first.Fingerprint, Read(s_map, """{"alerts":[{"name":"a","state":"red","at":1795219709}]}""")[0].Fingerprint, StringComparer.Ordinal);
        var named = s_map with { Fingerprint = "item.id" };
        Assert.Equal(
            Read(named, """{"alerts":[{"name":"a","state":"red","id":7,"at":1}]}""")[0].Fingerprint,
            Read(named, """{"alerts":[{"name":"a","state":"red","id":7,"at":2,"text":"again"}]}""")[0].Fingerprint);
    }

    [Theory]
    [InlineData("""{"alerts":[{"name":"a","state":"purple"}]}""", "map.status is \"purple\", which means nothing; expected one of red, green, yellow, pending")]
    [InlineData("""{"alerts":[{"name":"a"}]}""", "map.status has no value")]
    [InlineData("""{"alerts":7}""", "map.items is no list")]
    [InlineData("""{"alerts":[{"name":["a"],"state":"red"}]}""", "map.subject is a list or a record")]
    [InlineData("""{"alerts":[{"name":"a\u202Eb","state":"red"}]}""", "map.subject holds control or invisible characters")]
    [InlineData("""{"alerts":[{"name":"a","state":"red","at":"soon"}]}""", "map.at is \"soon\"")]
    [InlineData("[", "is no JSON")]
    public void What_the_map_cannot_read_is_refused_with_the_field(string body, string says)
    {
        var e = Assert.Throws<HomelabException>(() => Read(s_map, body));
        Assert.Equal("AlertUnreadable", e.Id);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_is_read_or_refused()
    {
        const string Good = """{"host":"dev","alerts":[{"name":"gitea","state":"red","text":"it burns","at":1795219708,"what":"memory","used":"93%"},{"name":"dns","state":"green"}]}""";
        var source = new ByHook(Intake(new HookDefinition { Source = "json", Token = Token, Map = s_map }));
        AnyBody.IsReadOrRefused(source, Encoding.UTF8.GetBytes(Good));
        AnyBody.WithAnyFieldOddIsReadOrRefused(source, Good);
    }

    [Fact]
    public void Another_sources_alert_is_read_otherwise_where_the_map_says_so()
    {
        var alert = Assert.Single(Intake(new HookDefinition { Source = "fixed", Token = Token, Map = new AlertMapDefinition { Subject = "alert.labels.app", Resource = "'disk'" } }).Read("h", Delivery("")));
        Assert.Equal(("shop", "disk", AlertStatus.Pressure, "it burns"), (alert.Subject, alert.Resource, alert.Status, alert.Message));
    }

    [Theory]
    [InlineData("nosuch", null, null, "source", "sends no alerts that can be read")]
    [InlineData("json", null, null, "map", "is missing, and json means nothing without it")]
    [InlineData("json", "item.name", null, "map.status", "is missing")]
    [InlineData("json", "item.", "item.state", "map.subject", "cannot be read")]
    [InlineData("json", "alert.name", "item.state", "map.subject", "names 'alert', which is not there")]
    [InlineData("fixed", null, "alert.x", "map.status", "cannot be read otherwise than fixed has it")]
    public void A_map_with_a_mistake_is_found_before_anything_comes(string source, string? subject, string? status, string field, string says)
    {
        var map = subject is null && status is null ? null : new AlertMapDefinition { Subject = subject, Status = status };
        var problem = Intake(new HookDefinition { Source = source, Token = Token, Map = map }).Check(SourceMap.None)[0];
        Assert.Equal($"hooks.h.{field}", problem.Path);
        Assert.Contains(says, problem.Reason, StringComparison.Ordinal);
    }

    private static SecretReference Token { get; } = SecretReference.Parse("env:TOKEN", null);

    private static AlertIntake Intake(HookDefinition hook) => new(new LabDefinition { Hooks = new Dictionary<string, HookDefinition>(StringComparer.Ordinal) { ["h"] = hook } }, [new Fixed()]);

    private static IReadOnlyList<Alert> Read(AlertMapDefinition map, string body) => Intake(new HookDefinition { Source = "json", Token = Token, Map = map }).Read("h", Delivery(body));

    private static AlertDelivery Delivery(string body) => new("POST", "application/json", "", Encoding.UTF8.GetBytes(body), s_received);

    private sealed class ByHook(AlertIntake intake) : IAlertSource
    {
        public string Name => "json";

        public IReadOnlyList<Alert> Read(AlertDelivery delivery) => intake.Read("h", delivery);
    }

    private sealed class Fixed : IAlertSource
    {
        public string Name => "fixed";

        public IReadOnlyList<Alert> Read(AlertDelivery delivery) =>
            [new Alert { Source = "fixed", Status = AlertStatus.Down, Subject = "x", Message = "it burns", At = s_received, Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "shop" }, Fingerprint = "1" }];
    }
}
