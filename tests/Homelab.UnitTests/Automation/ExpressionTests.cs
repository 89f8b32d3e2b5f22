using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Homelab.Automation.Expressions;

namespace Homelab.UnitTests.Automation;

public sealed class ExpressionTests
{
    private static readonly JsonObject s_scope = (JsonObject)JsonNode.Parse("""
        {
          "service": { "name": "gitea", "tier": "critical", "dependsOn": ["dns", "postgres"], "hint": null },
          "steps": { "look": { "state": "exited", "exitCode": 137, "ok": true, "items": [ { "name": "a" }, { "name": "b" } ] }, "crash-log": { "count": 0 } },
          "load": 0.5, "wait": "90s", "now": "2026-03-04T12:00:00+00:00", "until": "2026-03-11T06:00:00Z",
          "use": [ { "name": "a", "memory": 5, "line": "one" }, { "name": "b", "memory": 9, "line": "two" }, { "name": "c", "memory": null, "line": "three" } ], "none": [],
          "$operations": [ "dns_test" ]
        }
        """)!;

    [Theory]
    [InlineData("service.tier == 'critical'", true)]
    [InlineData("service.tier != \"critical\"", false)]
    [InlineData("steps.look.exitCode == 137", true)]
    [InlineData("steps.look.exitCode >= 137 and load < 1", true)]
    [InlineData("not steps.look.ok or steps.look.exitCode > 200", false)]
    [InlineData("!(steps.look.ok && load > 1)", true)]
    [InlineData("'dns' in service.dependsOn", true)]
    [InlineData("contains(service.dependsOn, 'redis')", false)]
    [InlineData("contains(service.name, 'IT')", true)]
    [InlineData("startsWith(service.name, 'git') and endsWith(service.name, 'ea')", true)]
    [InlineData("matches(service.name, 'g*a')", true)]
    [InlineData("len(service.dependsOn) == 2 and len('abc') == 3", true)]
    [InlineData("first(service.dependsOn) == 'dns'", true)]
    [InlineData("steps.look.items[1].name == 'b'", true)]
    [InlineData("steps['crash-log'].count == 0 and steps.crash-log.count == 0", true)]
    [InlineData("exists(steps.none.state)", false)]
    [InlineData("exists(service.hint)", false)]
    [InlineData("default(service.hint, 'x') == 'x'", true)]
    [InlineData("wait > '1m' and wait < '2m'", true)]
    [InlineData("lower('ABC') == 'abc' and upper('a') == 'A'", true)]
    [InlineData("service.hint == null", true)]
    [InlineData("1 == '1'", false)]
    [InlineData("'it\\'s' == \"it's\"", true)]
    [InlineData("-1 < 0", true)]
    [InlineData("service.tier in ['critical', service.name] and not (1 in [])", true)]
    [InlineData("len(default(gone.items, [])) == 0 and [load, 2][1] == 2", true)]
    [InlineData("times(100, 1.25, 64) == 128 and times(13421772800, 1.25, 1) == 16777216000", true)]
    [InlineData("bytes(8589934592) == '8 GiB' and bytes(load) == '0 B'", true)]
    [InlineData("max(use, 'memory').name == 'b'", true)]
    [InlineData("len(filter(use, 'name', 'a')) == 1 and len(filter(use, 'memory', 9)) == 1 and len(filter(use, 'name', '?')) == 3", true)]
    [InlineData("lines(use, 'line', 2) == 'two\nthree' and lines(none, 'line', 2) == ''", true)]
    [InlineData("default(max(none, 'memory').name, 'nobody') == 'nobody' and default(lines(gone.items, 'x', 1), '-') == '-'", true)]
    [InlineData("daysUntil(until) == 6 and daysUntil('2026-03-04T11:00:00Z') == -1", true)]
    [InlineData("until > now and '2026-03-04T12:00:00Z' <= now", true)]
    [InlineData("has('dns_test') and not has('dns_rest')", true)]
    public void A_condition_holds_or_does_not(string text, bool holds) => Assert.Equal(holds, Expression.Parse(text).Holds(s_scope));

    [Theory]
    [InlineData("service.tier = 'x'", 14, "no meaning")]
    [InlineData("service.", 9, "name was expected")]
    [InlineData("(service.tier == 'x'", 21, "')' was expected")]
    [InlineData("service.tier ==", 16, "ends where a value was expected")]
    [InlineData("'open", 1, "no closing")]
    [InlineData("run('x')", 1, "no function 'run'")]
    [InlineData("contians(service.name, 'x')", 1, "Did you mean 'contains'?")]
    [InlineData("1 in [1", 8, "']' was expected")]
    [InlineData("len(1, 2)", 1, "takes 1 values, not 2")]
    [InlineData("a b", 3, "was not expected")]
    [InlineData("and", 1, "a value was expected")]
    [InlineData("1.2.3 == 1", 1, "not a number")]
    [InlineData("a; b", 2, "no meaning")]
    [InlineData("", 1, "ends where a value was expected")]
    public void What_cannot_be_read_is_refused_at_its_column(string text, int column, string reason)
    {
        var error = Assert.Throws<ExpressionException>(() => Expression.Parse(text));
        Assert.Equal(column, error.Position);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("servise.name == 'x'", 1, "Did you mean 'service'?")]
    [InlineData("service.nmae == 'x'", 9, "Did you mean 'name'?")]
    [InlineData("steps.look.items[7].name == 'x'", 17, "2 items")]
    [InlineData("service.name > 5", 14, "cannot be put in order")]
    [InlineData("service.name", 9, "true or false was expected")]
    [InlineData("service.name and true", 9, "true or false was expected")]
    [InlineData("lower(load) == 'x'", 7, "a text was expected")]
    [InlineData("max(none, 'memory').name == 'x'", 1, "not empty")]
    [InlineData("max(use, 'name').name == 'x'", 1, "no item has a number")]
    [InlineData("max(use, 'size').name == 'x'", 1, "has no 'size'")]
    [InlineData("filter(load, 'a', 1) == 1", 1, "needs a list")]
    [InlineData("times(1, 2, 0) == 1", 13, "greater than 0")]
    [InlineData("times(load, 'x', 1) == 1", 13, "a number was expected")]
    [InlineData("bytes('much') == 'x'", 7, "a number was expected")]
    [InlineData("daysUntil('soon') < 3", 11, "a time was expected")]
    [InlineData("now < 'soon'", 5, "cannot be put in order")]
    public void What_has_no_value_is_an_error_and_never_silently_false(string text, int column, string reason)
    {
        var error = Assert.Throws<ExpressionException>(() => Expression.Parse(text).Holds(s_scope));
        Assert.Equal(column, error.Position);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused_and_does_not_overflow()
    {
        Assert.Throws<ExpressionException>(() => Expression.Parse(new string('(', 4000)));
        Assert.Throws<ExpressionException>(() => Expression.Parse(string.Concat(Enumerable.Repeat("not ", 1000)) + "true"));
        Assert.Throws<ExpressionException>(() => Expression.Parse(new string('a', 5000)));
    }

    [Fact]
    public void The_paths_that_an_expression_reads_are_known_without_running_it() =>
        Assert.Equal(["service.tier", "steps.look.items", "load"], Expression.Parse("service.tier == 'x' or contains(steps.look.items[load].name, 'y')").Paths().Select(p => p.Path));

    [Fact]
    public void A_template_that_is_one_expression_keeps_its_type()
    {
        Assert.Equal(137, Template.Parse("{{ steps.look.exitCode }}").Render(s_scope)!.GetValue<int>());
        Assert.IsType<JsonArray>(Template.Parse("{{ service.dependsOn }}").Render(s_scope));
    }

    [Fact]
    public void A_template_writes_values_into_its_text() =>
        Assert.Equal("gitea exited with 137.", Template.Parse("{{ service.name }} {{ steps.look.state }} with {{steps.look.exitCode}}.").Text(s_scope));

    [Fact]
    public void A_template_that_is_not_closed_is_refused() => Assert.Equal(3, Assert.Throws<ExpressionException>(() => Template.Parse("a {{ b")).Position);

    [Fact]
    public void Whatever_the_text_reading_and_valuing_end_in_a_value_or_an_ExpressionException() => Prop.ForAll<string?>(text =>
    {
        try
        {
            Template.Parse("{{" + text + "}}").Render(s_scope);
        }
        catch (ExpressionException)
        {
            // The only exception there may be.
        }
    }).QuickCheckThrowOnFailure();
}
