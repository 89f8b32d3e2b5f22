using FsCheck;
using FsCheck.Fluent;
using Homelab.Providers.UptimeKuma;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class KumaMetricsTests
{
    [Fact]
    public void The_metrics_of_a_real_server_are_read()
    {
        var monitors = KumaMetrics.Read(PrometheusText.Read(Payload.Text("metrics.txt")));
        Assert.Equal(
            [
                ("5", "grp", "group", MonitorStatus.Pending, 1.0), ("2", "kw", "keyword", MonitorStatus.Up, 64.0), ("4", "push", "push", MonitorStatus.Up, null), ("3", "tcp", "port", MonitorStatus.Maintenance, null),
            ],
            monitors.Select(static m => (m.Id, m.Name, m.Type, m.Status, m.ResponseTime?.TotalMilliseconds)));
    }

    [Fact]
    public void A_release_without_ids_is_read_by_its_labels()
    {
        var monitors = Read(
            """
            monitor_status{monitor_name="a",monitor_type="http",monitor_url="http://x/",monitor_hostname="null",monitor_port="null"} 1
            monitor_status{monitor_name="a",monitor_type="http",monitor_url="http://y/",monitor_hostname="null",monitor_port="null"} 0
            monitor_response_time{monitor_name="a",monitor_type="http",monitor_url="http://x/",monitor_hostname="null",monitor_port="null"} 12
            monitor_cert_days_remaining{monitor_name="a",monitor_type="http",monitor_url="http://y/",monitor_hostname="null",monitor_port="null"} -3
            """);
        Assert.Equal([(MonitorStatus.Up, 12.0, null), (MonitorStatus.Down, null, -3)], monitors.Select(static m => (m.Status, m.ResponseTime?.TotalMilliseconds, m.CertificateDaysRemaining)));
    }

    [Theory]
    [InlineData("0", MonitorStatus.Down)]
    [InlineData("1", MonitorStatus.Up)]
    [InlineData("1.0", MonitorStatus.Up)]
    [InlineData("1e0", MonitorStatus.Up)]
    [InlineData("4", MonitorStatus.Unknown)]
    [InlineData("0.5", MonitorStatus.Unknown)]
    [InlineData("-1", MonitorStatus.Unknown)]
    [InlineData("NaN", MonitorStatus.Unknown)]
    [InlineData("Nan", MonitorStatus.Unknown)]
    [InlineData("+Inf", MonitorStatus.Unknown)]
    public void Only_a_plain_one_is_up(string value, MonitorStatus status) => Assert.Equal(status, Assert.Single(Read($"monitor_status{{monitor_id=\"1\",monitor_name=\"a\"}} {value}")).Status);

    [Fact]
    public void Two_series_of_one_monitor_that_disagree_are_unknown()
    {
        var monitor = Assert.Single(Read("monitor_status{monitor_id=\"1\",monitor_name=\"old\"} 1\nmonitor_status{monitor_id=\"1\",monitor_name=\"new\"} 0"));
        Assert.Equal(MonitorStatus.Unknown, monitor.Status);
    }

    [Fact]
    public void Two_series_of_one_monitor_that_agree_are_one() =>
        Assert.Equal(MonitorStatus.Up, Assert.Single(Read("monitor_status{monitor_id=\"1\",monitor_name=\"a\"} 1\nmonitor_status{monitor_id=\"1\",monitor_name=\"a\"} 1")).Status);

    [Fact]
    public void Escapes_blanks_commas_and_time_stamps_are_read()
    {
        var sample = Assert.Single(PrometheusText.Read("# HELP x y\n\n  monitor_status { a = \"q\\\"u\\\\o\\nt,}\" , b=\"\", } \t 3 \t 1395066363000 \r\n"));
        Assert.Equal("q\"u\\o\nt,}", sample.Labels["a"]);
        Assert.Equal((3, ""), (sample.Value, sample.Labels["b"]));
    }

    [Theory]
    [InlineData("<!DOCTYPE html>")]
    [InlineData("monitor_status")]
    [InlineData("monitor_status{")]
    [InlineData("monitor_status{a} 1")]
    [InlineData("monitor_status{a=1} 1")]
    [InlineData("monitor_status{a=\"1} 1")]
    [InlineData("monitor_status{a=\"1\"")]
    [InlineData("monitor_status{a=\"1\" b=\"2\"} 1")]
    [InlineData("monitor_status{a=\"1\",a=\"2\"} 1")]
    [InlineData("monitor_status{a=\"\\x\"} 1")]
    [InlineData("monitor_status{a=\"1\"} up")]
    [InlineData("monitor_status{a=\"1\"} 1 noon")]
    [InlineData("monitor_status{a=\"1\"} 1 2 3")]
    [InlineData("9lives 1")]
    public void What_is_no_sample_is_refused_with_its_line(string line) =>
        Assert.Contains("line 2 ", Assert.Throws<FormatException>(() => PrometheusText.Read("# one\n" + line)).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll<string, string>((a, b) =>
        {
            foreach (var text in new[] { a, $"monitor_status{{{a}}} {b}", $"monitor_status{{monitor_id=\"{a}\"}} {b}", $"m{{x=\"{a}" })
            {
                try
                {
                    _ = KumaMetrics.Read(PrometheusText.Read(text ?? ""));
                }
                catch (FormatException e)
                {
                    Assert.True(ForeignText.IsClean(e.Message));
                }
            }
        }));

    [Fact]
    public void Any_label_value_comes_back_as_it_was() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<NonNull<string>>(value =>
        {
            var text = value.Get.Replace("\r", "", StringComparison.Ordinal);
            var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            return Assert.Single(PrometheusText.Read($"m{{x=\"{escaped}\"}} 1")).Labels["x"] == text;
        }));

    private static IReadOnlyList<MonitorReading> Read(string text) => KumaMetrics.Read(PrometheusText.Read(text));
}
