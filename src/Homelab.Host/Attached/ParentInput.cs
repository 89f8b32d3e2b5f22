namespace Homelab.Host.Attached;

/// <summary>Standard input as the line to a parent process: what it says first, and its end. A parent that dies closes it, however it dies.</summary>
internal sealed class ParentInput
{
    private const int LongestLine = 1024 * 1024;
    private const int BufferSize = 4096;

    private readonly TaskCompletionSource<byte[]?> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ParentInput()
    {
    }

    /// <summary>The first line without its end; null when the input ended before one began, or when the line is longer than a mebibyte.</summary>
    internal Task<byte[]?> FirstLine => _firstLine.Task;

    /// <summary>Ends when the input does, after <see cref="FirstLine"/>.</summary>
    internal Task Closed => _closed.Task;

    /// <summary>Begins to read.</summary>
    internal static ParentInput Read(Stream input)
    {
        var parent = new ParentInput();
        // A thread of its own: a read of standard input waits as long as the parent lives, and cannot be cancelled.
        new Thread(() => parent.ReadToEnd(input)) { IsBackground = true, Name = "parent" }.Start();
        return parent;
    }

    private void ReadToEnd(Stream input)
    {
        try
        {
            _firstLine.SetResult(ReadLine(input));
            var dropped = new byte[BufferSize];
            while (input.Read(dropped) > 0)
            {
                // Nothing else is ever asked of the parent.
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An input that cannot be read any more is one that has ended.
            _firstLine.TrySetResult(null);
        }

        _closed.SetResult();
    }

    private static byte[]? ReadLine(Stream input)
    {
        using var line = new MemoryStream();
        // By single bytes: what follows the line must not be taken with it. It is one line, once.
        while (input.ReadByte() is >= 0 and var read)
        {
            if (read == '\n') return line.ToArray();
            if (line.Length == LongestLine) return null;
            line.WriteByte((byte)read);
        }

        return line.Length > 0 ? line.ToArray() : null;
    }
}
