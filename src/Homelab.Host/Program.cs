using Homelab.Host;

return await HomelabProgram.RunAsync(args);
