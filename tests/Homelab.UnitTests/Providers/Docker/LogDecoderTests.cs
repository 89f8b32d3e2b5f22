using System.Buffers.Binary;
using System.Text;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class LogDecoderTests
{
    private const string Stamp = "2026-11-20T23:40:21.078689856Z ";

    [Fact]
    public void A_recorded_log_is_read_with_times_and_streams()
    {
        var lines = Decode(Recorded.Read("logs.bin"), tty: false);

        Assert.Equal(["out 3", "err 3", "out 4", "err 4"], lines.Select(l => l.Text));
        Assert.Equal([LogSource.Output, LogSource.Error, LogSource.Output, LogSource.Error], lines.Select(l => l.Source));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 23, 40, 21, TimeSpan.Zero).AddTicks(786899), lines[0].At);
    }

    [Fact]
    public void It_does_not_matter_where_the_bytes_were_cut()
    {
        var bytes = Recorded.Read("logs.bin");
        var whole = Decode(bytes, tty: false);

        for (var size = 1; size < 20; size++) Assert.Equal(whole, Decode(bytes, tty: false, size));
    }

    [Fact]
    public void One_frame_may_hold_several_lines() =>
        Assert.Equal(["a", "", "b"], Decode(Frame(1, $"{Stamp}a\n{Stamp}\n{Stamp}b\n"), tty: false).Select(l => l.Text));

    [Fact]
    public void A_line_over_several_frames_is_one_line_without_the_times_in_between()
    {
        byte[] bytes = [.. Frame(1, Stamp + "begin "), .. Frame(2, Stamp + "other\n"), .. Frame(1, Stamp + "middle "), .. Frame(1, Stamp + "end\n")];

        var lines = Decode(bytes, tty: false);

        Assert.Equal(["other", "begin middle end"], lines.Select(l => l.Text));
    }

    [Fact]
    public void A_line_without_an_end_is_still_told() => Assert.Equal(["tail"], Decode(Frame(1, Stamp + "tail"), tty: false).Select(l => l.Text));

    [Fact]
    public void A_terminals_log_has_no_frames_and_two_line_ends()
    {
        var lines = Decode(Encoding.UTF8.GetBytes($"{Stamp}one\r\n{Stamp}two\r\n"), tty: true, size: 5);

        Assert.Equal(["one", "two"], lines.Select(l => l.Text));
        Assert.All(lines, l => Assert.NotNull(l.At));
    }

    [Fact]
    public void A_line_without_a_time_is_kept_whole()
    {
        var line = Assert.Single(Decode(Frame(1, "no time here\n"), tty: false));

        Assert.Null(line.At);
        Assert.Equal("no time here", line.Text);
    }

    [Fact]
    public void A_line_without_end_does_not_fill_the_memory()
    {
        byte[] bytes = [.. Frame(1, Stamp + new string('x', 300_000)), .. Frame(1, "\n"), .. Frame(1, Stamp + "next\n")];

        var lines = Decode(bytes, tty: false);

        Assert.InRange(lines[0].Text.Length, 60_000, 66_000);
        Assert.EndsWith("…", lines[0].Text, StringComparison.Ordinal);
        Assert.Equal("next", lines[1].Text);
    }

    [Fact]
    public void What_has_no_heads_is_refused() => Assert.Throws<FormatException>(() => Decode("hello, this is text"u8.ToArray(), tty: false));

    [Fact]
    public void A_log_that_ends_within_a_piece_is_refused() => Assert.Throws<FormatException>(() => Decode(Frame(1, "abc\n")[..^2], tty: false));

    [Fact]
    public void An_error_of_the_engine_within_the_log_is_no_line_of_it()
    {
        var e = Assert.Throws<FormatException>(() => Decode(Frame(3, "error from daemon in stream: disk gone\n"), tty: false));

        Assert.Contains("disk gone", e.Message, StringComparison.Ordinal);
    }

    private static byte[] Frame(byte stream, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var frame = new byte[8 + body.Length];
        frame[0] = stream;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), body.Length);
        body.CopyTo(frame.AsSpan(8));
        return frame;
    }

    private static List<LogText> Decode(byte[] bytes, bool tty, int size = int.MaxValue)
    {
        var decoder = new LogDecoder(tty);
        var lines = new List<LogText>();
        foreach (var piece in bytes.Chunk(Math.Min(size, Math.Max(1, bytes.Length)))) decoder.Feed(piece, lines);
        decoder.Finish(lines);
        return lines;
    }
}
