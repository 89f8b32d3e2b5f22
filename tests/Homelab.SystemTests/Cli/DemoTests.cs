using System.Diagnostics;

namespace Homelab.SystemTests.Cli;

/// <summary>Alone, since its time is measured.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

[Collection(typeof(Alone))]
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_shows_everything_in_plain_text_and_is_over_soon()
    {
        var folder = Directory.CreateTempSubdirectory("hl-demo-");
        try
        {
            var started = Stopwatch.GetTimestamp();
            await using var demo = CliProcess.Start(folder.FullName, new Dictionary<string, string>(StringComparer.Ordinal), ["demo"]);
            var code = await demo.EndAsync();
            Assert.True(code == 0, string.Join('\n', demo.Output) + demo.Errors);
            // Some twenty seconds, nearly all of it waiting, to which a busy machine adds what it likes.
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3));
            Assert.Equal("", demo.Errors);
            Assert.DoesNotContain(demo.Output, l => l.Contains('\u001b', StringComparison.Ordinal));
            Assert.Equal(demo.Output.Count(l => l.StartsWith("yes ", StringComparison.Ordinal)), int.Parse(demo.Output.Last().Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Empty(folder.EnumerateFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
