// Decorators write their metadata through this; every test file needs it before the first entity file loads.
import 'reflect-metadata';
