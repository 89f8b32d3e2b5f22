using Npgsql;

namespace Homelab.State;

/// <summary>Where a database is, with what is secret about it kept apart from what people may read.</summary>
internal sealed class PostgresAddress
{
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(5);

    // Longer than any lock is waited for: who answers nothing for so long is not there.
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(15);

    private PostgresAddress(NpgsqlConnectionStringBuilder settings)
    {
        Text = settings.ConnectionString;
        Name = $"{settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}";
        Password = settings.Password;
    }

    /// <summary>What is connected with. Never shown.</summary>
    internal string Text { get; }

    /// <summary>How people know it.</summary>
    internal string Name { get; }

    internal string? Password { get; }

    /// <exception cref="HomelabException"><c>DatabaseInvalid</c> (Invalid). It does not repeat what was given: that is a secret.</exception>
    internal static PostgresAddress Parse(string text)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException or NotSupportedException)
        {
            // Without the cause: its message repeats parts of the text.
            throw Invalid("it cannot be read");
        }

        if (string.IsNullOrEmpty(settings.Host)) throw Invalid("it names no host");
        // The connections are few and live as long as the store.
        settings.Pooling = false;
        settings.Multiplexing = false;
        settings.IncludeErrorDetail = false;
        if (!settings.ContainsKey("Timeout") || settings.Timeout > s_connect.TotalSeconds) settings.Timeout = (int)s_connect.TotalSeconds;
        settings.CommandTimeout = (int)s_answer.TotalSeconds;
        settings.TcpKeepAlive = true;
        settings.ApplicationName ??= "homelab";
        return new PostgresAddress(settings);
    }

    private static HomelabException Invalid(string why) => new(
        ErrorKind.Invalid,
        "DatabaseInvalid",
        $"server.database opens to a text that is no connection string: {why}. Write it as Host=db.lan;Database=homelab;Username=homelab;Password=…;SSL Mode=VerifyFull.",
        "server.database");
}
