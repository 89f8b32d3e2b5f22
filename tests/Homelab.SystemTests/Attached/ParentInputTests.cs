using System.IO.Pipes;
using System.Text;
using Homelab.Host.Attached;

namespace Homelab.SystemTests.Attached;

public sealed class ParentInputTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", null)]
    [InlineData("\n", "")]
    [InlineData("{}\n", "{}")]
    [InlineData("{}\nmore\nand more", "{}")]
    [InlineData("without an end", "without an end")]
    public async Task The_first_line_is_what_stands_before_the_first_line_end(string input, string? expected)
    {
        var parent = ParentInput.Read(new MemoryStream(Encoding.UTF8.GetBytes(input)));
        Assert.Equal(expected, await parent.FirstLine.WaitAsync(Cancellation) is { } line ? Encoding.UTF8.GetString(line) : null);
        await parent.Closed.WaitAsync(Cancellation);
    }

    [Theory]
    [InlineData(1024 * 1024, true)]
    [InlineData((1024 * 1024) + 1, false)]
    public async Task A_line_may_be_a_mebibyte_long(int length, bool isTaken)
    {
        var parent = ParentInput.Read(new MemoryStream(Encoding.UTF8.GetBytes(new string('x', length) + "\n")));
        Assert.Equal(isTaken, await parent.FirstLine.WaitAsync(Cancellation) is not null);
    }

    [Fact]
    public async Task It_is_closed_when_the_other_end_is_and_not_before()
    {
        using var there = new AnonymousPipeServerStream(PipeDirection.Out);
        using var here = new AnonymousPipeClientStream(PipeDirection.In, there.ClientSafePipeHandle);
        var parent = ParentInput.Read(here);
        await there.WriteAsync("{}\nnoise"u8.ToArray(), Cancellation);
        Assert.NotNull(await parent.FirstLine.WaitAsync(Cancellation));
        Assert.False(parent.Closed.IsCompleted);
        there.Close();
        await parent.Closed.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task An_input_that_fails_has_ended()
    {
        var parent = ParentInput.Read(new FailingStream());
        Assert.Null(await parent.FirstLine.WaitAsync(Cancellation));
        await parent.Closed.WaitAsync(Cancellation);
    }

    private sealed class FailingStream : MemoryStream
    {
        public override int ReadByte() => throw new IOException("the terminal hung up");
    }
}
